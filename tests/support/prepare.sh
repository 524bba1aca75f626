#!/usr/bin/env bash
# Makes the Python environment of the AWS emulator ahead of the tests (they would make it themselves otherwise).
set -euo pipefail
cd "$(dirname "$0")/../.."
exec node -r ts-node/register/transpile-only tests/support/emulator/venv.ts
