import { type Check, checkCall } from "./checks";
import { checkFunction, ONCE } from "./checkFunctions";
import { MARKER_FUNCTIONS, PREAMBLE } from "./script";
import type { LinuxSystem } from "./systems";

/** Where the checks stay in the image: the boot proof and recovery drills run the same ones. */
export const LIBRARY = "/usr/local/lib/ami-lifecycle";
export const CHECK_PATH = `${LIBRARY}/check`;

/**
 * The script that stays in the image. Its first argument is the token. It prints a line for every check, evidence for
 * those that failed, and no verdict: that is the caller's. After a first failure the others are tried once, so that a
 * machine with many of them broken does not take a minute for each.
 */
export function checkScript(checks: readonly Check[], system: LinuxSystem, digest: string): string {
  const kinds = [...new Set(checks.map((check) => check.kind))].sort();
  return `#!/bin/bash
# Checks of the recipe ${digest}. Usage: check TOKEN
TOKEN=\${1:-${digest}}
WINDOW=\${AMI_LIFECYCLE_CHECK_SECONDS:-60}
COUNT=${checks.length}
${PREAMBLE}
${MARKER_FUNCTIONS}
DIR=$(mktemp -d)
trap 'rm -rf "$DIR"' EXIT
number=0
failed=0

check() { # NAME FUNCTION ARGUMENTS…
  local name=$1 begun=$SECONDS window=$WINDOW
  shift
  number=$((number + 1))
  case $1 in ${ONCE.join(" | ")}) window=0 ;; esac
  until ( "$@" ) >"$DIR/log" 2>&1 </dev/null; do
    if [ $((SECONDS - begun)) -ge "$window" ]; then
      evidence "$DIR/log"
      say "check $number/$COUNT $name: failed"
      WINDOW=0
      failed=1
      return
    fi
    sleep 1
  done
  say "check $number/$COUNT $name: ok"
}
${kinds.map((kind) => checkFunction(kind, system)).join("")}
${checks.map(checkCall).join("\n")}
exit "$failed"
`;
}
