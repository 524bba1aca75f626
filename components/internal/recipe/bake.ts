import type { Check } from "./checks";
import { CHECK_PATH, checkScript, LIBRARY } from "./checkScript";
import { cleanupFunctions } from "./cleanup";
import { type FullRecipe, kindOf } from "./defaults";
import { endFunctions, MARKER_FUNCTIONS, PREAMBLE, SIZE_FUNCTION } from "./script";
import { label, quote, writeText } from "./shell";
import { stepFunctions, stepScript } from "./steps";
import { need } from "./steps/packages";
import type { LinuxSystem } from "./systems";

export interface BakeTimes {
  /** Seconds the machine stays up after its verdict. */
  pauseSeconds: number;
  /** Minutes after which the machine gives up, whatever it is doing. */
  limitMinutes: number;
}

/** What of a recipe's surroundings is in its user data. */
export interface BakeOptions extends BakeTimes {
  /** Where the base image was asked to come from: another choice must make another base instance. */
  base?: string;
}

/** In memory: nothing of the build itself can end up in the image. */
const WORK = "/run/ami-lifecycle";

/** The whole user data of a base instance. The script runs itself again for the stages that come after the steps. */
export function bakeScript(
  recipe: FullRecipe,
  checks: readonly Check[],
  system: LinuxSystem,
  digest: string,
  options: BakeOptions,
): string {
  const count = recipe.steps.length;
  const needsCurl = checks.some((check) => check.kind === "http_answers");
  const bodies = recipe.steps.map((step, i) => stepScript(step, recipe.steps.slice(0, i), system));
  const functions = bodies.map((body, i) => `step_${i + 1}() {\n${body}\n}\n`).join("\n");
  const calls = recipe.steps.map((step, i) => `step ${i + 1} ${kindOf(step)}`).join("\n  ");
  return `#!/bin/bash
# ${system.title}: recipe ${digest}, rendered by pulumi-ami-lifecycle${options.base === undefined ? "" : `\n# from ${label(options.base, 300)}`}
TOKEN=${digest}
WORK=${WORK}
LOG=$WORK/log
STEPS=${count}
PAUSE=${options.pauseSeconds}
${PREAMBLE}
${ENVIRONMENT[system.packageManager]}
${MARKER_FUNCTIONS}${SIZE_FUNCTION}${endFunctions("ami-lifecycle", "$WORK/build")}${stepFunctions(recipe, system)}
${functions}${needsCurl ? NEED_CURL : ""}
${recipe.cleanup ? cleanupFunctions(recipe, system) : ""}
run_logged() { # COMMAND: its output to the log, and on to ours as it comes. Not through a pipe, which a service that
  # the command leaves running would hold open for ever.
  local code=0 worker follower
  : >"$LOG"
  ( set -eo pipefail; "$@" ) >>"$LOG" 2>&1 </dev/null &
  worker=$!
  tail -n +1 -s 0.2 -f --pid="$worker" "$LOG" | harmless &
  follower=$!
  wait "$worker" || code=$?
  wait "$follower"
  return "$code"
}

step() { # NUMBER KIND
  local name="step $1/$STEPS $2" code=0
  LOG=$WORK/log-$1
  say "$name: start"
  run_logged "step_$1" || code=$?
  if [ "$code" = 0 ]; then
    say "$name: ok"
  else
    tell "$LOG"
    say "$name: failed"
    fail "$name (exit $code)"
  fi
}

tell() { # FILE: evidence on the console, for standard output has had the lines already
  if [ -c /dev/console ]; then evidence "$1" >/dev/null; else evidence "$1"; fi
}

fail() { # TEXT
  trap - EXIT
  verdict "FAILED $1"
  detach end
  exit 1
}

stop_build() { # else powering off waits for cloud-init, which waits for the step
  local build workers
  build=$(cat "$WORK/pid")
  workers=$(pgrep -P "$build")
  # shellcheck disable=SC2086 # one word each
  kill -KILL "$build" $workers 2>/dev/null
}

write_check() {
mkdir -p ${LIBRARY}
${writeText(checkScript(checks, system, digest), CHECK_PATH)}
chmod 0755 ${CHECK_PATH}
}

build() {
  mkdir -p /run && mkdir "$WORK" 2>/dev/null || exit 0 # it has run since this machine started
  chmod 0755 "$WORK"
  cp -- "\${BASH_SOURCE[0]}" "$WORK/build"
  echo $$ >"$WORK/pid"
  trap 'fail "build (exit $?)"' EXIT
  limit ${Math.max(1, Math.round(options.limitMinutes * 60))}
  cd /root || cd /
${needsCurl ? PREPARE : ""}  ${calls}
  write_check || fail "writing the checks"
  trap - EXIT
  detach last
}

last() {
  local number
  await_cloud_init
  if ! ${CHECK_PATH} "$TOKEN" >"$WORK/checks"; then
    number=$(sed -n 's/^\\[ami-lifecycle\\] [^ ]* check \\(.*\\): failed$/\\1/p' "$WORK/checks" | head -n 1)
    verdict "FAILED checks $number"
    power_off
  fi
${recipe.cleanup ? CLEANUP : ""}  sizes after
  verdict OK
  power_off
}

case \${1:-build} in
  build) build ;;
  last) last ;;
  end) await_cloud_init; power_off ;;
  limit)
    [ -e "$WORK/verdict" ] || tell "$(find "$WORK" -name 'log*' -printf '%T@ %p\\n' | sort -n | tail -n 1 | cut -d' ' -f2-)"
    verdict ${quote(`FAILED time limit of ${options.limitMinutes} minutes`)}
    stop_build
    power_off
    ;;
esac
`;
}

// needrestart is kept from restarting services, cloud-init's among them: the machine ends soon anyway.
const ENVIRONMENT = {
  apt: "export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 UCF_FORCE_CONFFOLD=1",
  dnf: "export DNF_YUM_AUTO_YES=1",
};

const PREPARE = `  LOG=$WORK/log
  run_logged need_curl || { tell "$LOG"; fail "installing curl for the checks"; }
`;

const NEED_CURL = `
need_curl() { ${need("curl")}; }
`;

// What the recipe's files may be needed for is known to be right by then: the checks have passed.
const CLEANUP = `  sizes before
  say "cleanup: start"
  if ( clean ) >"$WORK/cleanup" 2>&1 </dev/null; then
    say "cleanup: ok"
  else
    evidence "$WORK/cleanup"
    say "cleanup: failed"
    verdict "FAILED cleanup"
    power_off
  fi
`;
