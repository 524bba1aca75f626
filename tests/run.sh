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
command -v chromium >/dev/null 2>&1 || alone+=(chromium) # looks at the page of `simulate --report`
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
# Side by side, for two cores: the machine of QEMU (its disks are made first, beside the checks below, which takes most of
# a minute), other machines and installations, which wait a lot, and the other tests, a file to each of two processes,
# which give way to them. What runs beside is in process groups of its own, so that nothing of it is left when this is
# interrupted. COVERAGE=1 also measures what the other tests reach (coverage/index.html).
rm -f .cache/counts.* .cache/log.*
run() { # name, mocha's arguments...
  COUNTS=.cache/counts.$1 npx mocha "${@:2}" --reporter tests/support/reporter.cjs
}
machines() {
  node -r ts-node/register/transpile-only tests/support/qemuPrepare.ts ||
    echo "the machines' file systems are not ready; the tests try again" >&2
  run installed 'tests/machine/nspawn.test.ts' 'tests/package/*.test.ts' >.cache/log.installed 2>&1 &
  run qemu 'tests/machine/qemu.test.ts'
  wait
}
emulator() { bash tests/support/prepare.sh; }
behind() { # name: runs the function of that name, in a process group, into a log
  set -m
  "$1" >".cache/log.$1" 2>&1 </dev/null &
  set +m
  groups+=($!)
}
groups=()
trap 'for group in "${groups[@]}"; do kill -- -"$group" 2>/dev/null; done' EXIT
trap 'exit 130' INT TERM
behind machines
behind emulator
emulator_group=$!

check "typecheck" npx tsc --noEmit
check "lint" npx eslint .
check "format" npx prettier --check --log-level warn .

ready() { wait "$emulator_group" || { cat .cache/log.emulator >&2; return 1; }; }
check "emulator" ready

echo "== tests"
cover=()
[ -z "${COVERAGE:-}" ] || cover=(npx c8)
COUNTS=.cache/counts.rest "${cover[@]}" nice -n 3 npx mocha --parallel --jobs 2 'tests/**/*.test.ts' \
  --ignore 'tests/machine/**' --ignore 'tests/package/**' --reporter tests/support/reporter.cjs
wait "${groups[@]}"
trap - EXIT INT TERM
for log in installed machines; do
  [ ! -f .cache/log.$log ] || cat .cache/log.$log
done

passed=0
broken=$failed
for part in rest installed qemu; do
  [ -f .cache/counts.$part ] || { echo "the runner of $part ended without a result" >&2; echo "0 1" >.cache/counts.$part; }
  read -r fine bad <.cache/counts.$part
  passed=$((passed + fine))
  broken=$((broken + bad))
done
rm -f .cache/counts.*
echo "$passed passed, $broken failed"
[ "$broken" = 0 ] && [ "$passed" -gt 0 ]
