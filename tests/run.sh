#!/usr/bin/env bash
# `npm test`: types, lint, then every test. Installs what the tests need besides npm's packages, or says what is missing.
# Under CI=true nothing is skipped. The last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "$0")/.."
mkdir -p .cache

failed=0
check() { # name, command...
  local name=$1; shift
  echo "== $name"
  if "$@"; then return 0; fi
  echo "== $name failed" >&2
  failed=$((failed + 1))
}

# Debian packages for running rendered scripts: shellcheck reads them, systemd-nspawn and QEMU run them.
missing=()
for pair in shellcheck:shellcheck systemd-nspawn:systemd-container mmdebstrap:mmdebstrap slirp4netns:slirp4netns git:git curl:curl gpg:gpg openssl:openssl ip:iproute2 nc.openbsd:netcat-openbsd mke2fs:e2fsprogs setpriv:util-linux; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair##*:}")
done
python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
alone=() # without the packages it recommends: a desktop's
command -v qemu-system-x86_64 >/dev/null 2>&1 || alone+=(qemu-system-x86)
install() { # apt-get's arguments...
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >>.cache/apt.log 2>&1
}
wanted=("${missing[@]}" "${alone[@]}")
if [ ${#wanted[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "== installing ${wanted[*]}"
    { apt-get update -qq >.cache/apt.log 2>&1 &&
      { [ ${#missing[@]} = 0 ] || install "${missing[@]}"; } &&
      { [ ${#alone[@]} = 0 ] || install --no-install-recommends "${alone[@]}"; }; } ||
      { tail -5 .cache/apt.log >&2; echo "could not install ${wanted[*]}" >&2; }
  else
    echo "== missing: ${wanted[*]}. Install them (Debian names), or run as root; tests that need them are skipped, or fail under CI=true."
  fi
fi
# Two runners: whole machines and installations wait a lot, the others compute. The machines begin at once, beside the
# checks below, with their file systems, which take most of a minute. In a process group of its own, so that nothing of it
# is left when this is interrupted. COVERAGE=1 also measures what the others reach (coverage/index.html).
reporter=(--reporter tests/support/reporter.cjs)
slow=('tests/machine/*.test.ts' 'tests/package/*.test.ts')
rm -f .cache/counts.*
machines_and_package() {
  node -r ts-node/register/transpile-only tests/support/qemuPrepare.ts ||
    echo "the machines' file systems are not ready; the tests try again" >&2
  COUNTS=.cache/counts.slow exec npx mocha "${slow[@]}" "${reporter[@]}"
}
set -m # a group for it
machines_and_package >.cache/slow.log 2>&1 </dev/null &
machines=$!
set +m
trap 'kill -- -"$machines" 2>/dev/null' EXIT
trap 'exit 130' INT TERM

check "emulator" bash tests/support/prepare.sh
check "typecheck" npx tsc --noEmit
check "lint" npx eslint .
check "format" npx prettier --check --log-level warn .

echo "== tests"
COUNTS=.cache/counts.rest ${COVERAGE:+npx c8} npx mocha 'tests/**/*.test.ts' --ignore "${slow[0]}" --ignore "${slow[1]}" "${reporter[@]}"
echo "== tests on machines and of the package"
wait "$machines"
trap - EXIT INT TERM
cat .cache/slow.log

passed=0
broken=$failed
for part in slow rest; do
  [ -f .cache/counts.$part ] || { echo "a test runner ended without a result" >&2; echo "0 1" >.cache/counts.$part; }
  read -r fine bad <.cache/counts.$part
  passed=$((passed + fine))
  broken=$((broken + bad))
done
rm -f .cache/counts.*
echo "$passed passed, $broken failed"
[ "$broken" = 0 ] && [ "$passed" -gt 0 ]
