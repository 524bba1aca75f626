import type { CheckFunction } from "./checks";
import { REVISION_FUNCTION } from "./steps/app";
import { FIREWALL_CHECKS } from "./steps/firewall";
import type { LinuxFamily, LinuxSystem } from "./systems";

/** Each kind of check in shell: ends with 0 when it holds, else says why. All of it is offline and changes nothing. */
export function checkFunction(kind: CheckFunction, system: LinuxSystem): string {
  if (kind === "package_installed") return PACKAGE[system.family];
  return kind === "firewall_is" ? FIREWALL_CHECKS[system.firewall] : FUNCTIONS[kind];
}

/** The kinds that are about files that are there or not: trying them again would change nothing. */
export const ONCE: readonly CheckFunction[] = [
  "package_installed",
  "node_major",
  "app_at",
  "file_is",
  "user_is",
  "environment_is",
];

const RPM = `
package_installed() { rpm -q --whatprovides -- "$1"; }
`;

const PACKAGE: Record<LinuxFamily, string> = {
  // A name may be one that an installed package provides.
  debian: `
package_installed() {
  [ "$(dpkg-query -W -f='\${db:Status-Status}' -- "$1" 2>/dev/null)" = installed ] ||
    dpkg-query -W -f='\${db:Status-Status}, \${Provides},\\n' | sed 's/ ([^)]*)//g' | grep '^installed' |
    grep -F -- " \${1%%:*}," >/dev/null || { echo "$1 is not installed"; return 1; }
}
`,
  amazon: RPM,
  redhat: RPM,
};

const FUNCTIONS: Record<Exclude<CheckFunction, "package_installed" | "firewall_is">, string> = {
  node_major: `
node_major() {
  local version
  version=$(node --version) || return
  echo "node --version: $version"
  [[ $version == "v$1."* ]]
}
`,
  app_at: `${REVISION_FUNCTION}
app_at() { # DIRECTORY REVISION
  local commit head
  commit=$(revision_of "$1" "$2") || { echo "$commit"; return 1; }
  head=$(git -c safe.directory='*' -C "$1" rev-parse HEAD) || return
  echo "$1 is at $head, $2 is $commit"
  [ "$head" = "$commit" ]
}
`,
  pm2_online: `
pm2_online() { # NAME USER COUNT
  local home list
  systemctl is-active "pm2-$2.service" || { systemctl status --no-pager --lines=15 "pm2-$2.service"; return 1; }
  home=$(getent passwd "$2" | cut -d: -f6)
  list=$(cd / && runuser -u "$2" -- env -i HOME="$home" PM2_HOME="$home/.pm2" PATH="$PATH" pm2 jlist) || return
  printf '%s\\n' "$list" | node -e '
    const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter((line) => line.startsWith("[{"));
    const states = JSON.parse(lines.pop() || "[]").filter((p) => p.name === process.argv[1]).map((p) => p.pm2_env.status);
    console.log("processes of this name:", states.join(", ") || "none");
    process.exit(states.filter((state) => state === "online").length >= Number(process.argv[2]) ? 0 : 1);
  ' -- "$1" "$3"
}
`,
  file_is: `
file_is() { # PATH MODE SHA256
  local mode sum
  mode=$(stat -L -c %a -- "$1") || return
  sum=$(sha256sum <"$1") || return
  echo "mode $mode, allowed $2; sha256 \${sum%% *}, allowed $3"
  [ "$mode" = "$2" ] && [ "\${sum%% *}" = "$3" ]
}
`,
  user_is: `
user_is() { # NAME SHELL GROUP…
  local name=$1 entry groups group
  entry=$(getent passwd "$name") || { echo "there is no user $name"; return 1; }
  [ "\${entry##*:}" = "$2" ] || { echo "its shell is \${entry##*:}, allowed $2"; return 1; }
  groups=$(id -nG "$name") || return
  shift 2
  for group in "$@"; do
    case " $groups " in *" $group "*) ;; *) echo "it is in $groups, not in $group"; return 1 ;; esac
  done
}
`,
  environment_is: `
environment_is() { # FILE, then for each variable its line in /etc/environment and in the file
  local file=$1
  shift
  while [ $# -gt 0 ]; do
    grep -qxF -- "$1" /etc/environment || { echo "/etc/environment lacks: $1"; return 1; }
    grep -qxF -- "$2" "$file" || { echo "$file lacks: $2"; return 1; }
    shift 2
  done
}
`,
  service_runs: `
service_runs() { # UNIT, then "enabled" when it must also start at boot
  systemctl is-active -q -- "$1" || { systemctl status --no-pager --lines=15 -- "$1"; return 1; }
  [ $# = 1 ] || systemctl is-enabled -- "$1"
}
`,
  service_off: `
service_off() {
  systemctl cat -- "$1" >/dev/null 2>&1 || return 0
  if systemctl is-active -- "$1"; then return 1; fi
  if systemctl is-enabled -- "$1" | grep -x enabled; then return 1; fi
}
`,
  // On the machine itself: no proxy, and a certificate cannot be expected to name the loopback address.
  http_answers: `
http_answers() { # URL STATUS TEXT
  local code body
  code=$(curl -sS --noproxy '*' -k --max-time 10 -o "$DIR/body" -w '%{http_code}' --url "$1" 2>"$DIR/error") ||
    { cat "$DIR/error"; return 1; }
  [ "$code" = "$2" ] || { echo "status $code, allowed $2"; head -c 2000 "$DIR/body"; return 1; }
  body=$(tr -d '\\0' <"$DIR/body")
  [[ $body == *"$3"* ]] || { echo "the answer does not contain: $3"; head -c 2000 "$DIR/body"; return 1; }
}
`,
  command_ends_well: `
command_ends_well() {
  timeout 60 bash -c "$1" || { echo "exit $?"; return 1; }
}
`,
};
