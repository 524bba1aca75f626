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

# Debian packages for running rendered scripts: shellcheck reads them, systemd-nspawn runs them.
missing=()
for pair in shellcheck:shellcheck systemd-nspawn:systemd-container mmdebstrap:mmdebstrap slirp4netns:slirp4netns git:git curl:curl gpg:gpg openssl:openssl ip:iproute2; do
  command -v "${pair%%:*}" >/dev/null 2>&1 || missing+=("${pair##*:}")
done
python3 -c 'import venv, ensurepip' >/dev/null 2>&1 || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "== installing ${missing[*]}"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}"; } >.cache/apt.log 2>&1 ||
      { tail -5 .cache/apt.log >&2; echo "could not install ${missing[*]}" >&2; }
  else
    echo "== missing: ${missing[*]}. Install them (Debian names), or run as root; tests that need them are skipped, or fail under CI=true."
  fi
fi
check "emulator" bash tests/support/prepare.sh

check "typecheck" npx tsc --noEmit
check "lint" npx eslint .
check "format" npx prettier --check --log-level warn .

echo "== tests"
# COVERAGE=1 also measures what the tests reach (coverage/index.html).
${COVERAGE:+npx c8} npx mocha 'tests/**/*.test.ts' --reporter tests/support/reporter.cjs
[ -f .cache/counts ] || { echo "the test runner ended without a result" >&2; echo "0 1" >.cache/counts; }
read -r passed broken <.cache/counts
rm -f .cache/counts
broken=$((broken + failed))
echo "$passed passed, $broken failed"
[ "$broken" = 0 ] && [ "$passed" -gt 0 ]
