import type { FullRecipe } from "./defaults";
import { quoteAll } from "./shell";
import type { LinuxFamily, LinuxSystem, OperatingSystem } from "./systems";

/** What must be gone, as bash globs: removed, and looked for afterwards. Directories' contents, where they end in `*`. */
const REMOVED = [
  "/etc/ssh/ssh_host_*",
  "/etc/sudoers.d/90-cloud-init-users",
  "/etc/hostname",
  // Address and hardware of the machine the image was made on; cloud-init writes them anew.
  "/etc/netplan/50-cloud-init.yaml",
  "/etc/systemd/network/10-cloud-init-*",
  "/etc/network/interfaces.d/50-cloud-init*",
  "/etc/udev/rules.d/70-persistent-net.rules",
  "/etc/NetworkManager/system-connections/*",
  "/var/lib/dhcp/*.lease*",
  "/var/lib/dhclient/*.lease*",
  "/var/lib/NetworkManager/*.lease*",
  "/var/lib/cloud/*",
  "/var/log/cloud-init*.log*",
  "/var/lib/amazon/ssm/*",
  "/var/lib/systemd/random-seed",
  "/var/lib/systemd/credential.secret",
  "/var/lib/systemd/coredump/*",
  "/var/crash/*",
  // The copies that useradd, usermod and userdel leave behind: removed users and root's old password.
  "/etc/passwd-",
  "/etc/shadow-",
  "/etc/group-",
  "/etc/gshadow-",
  "/etc/subuid-",
  "/etc/subgid-",
];

const REMOVED_BY_FAMILY: Record<LinuxFamily, string[]> = {
  debian: ["/var/lib/apt/lists/*", "/var/cache/apt/archives/*.deb", "/var/cache/apt/*.bin", "/var/cache/debconf/*-old"],
  amazon: [
    "/var/cache/dnf/*",
    "/var/cache/yum/*",
    "/var/lib/dnf/history*",
    "/var/lib/yum/history/*",
    "/var/lib/postfix/*",
    "/var/spool/postfix/maildrop/*",
  ],
  redhat: [
    "/var/cache/dnf/*",
    "/var/lib/dnf/history*",
    // Who the machine is to Red Hat. Not /etc/pki/rhui: with what is in there every instance reaches the repositories.
    "/etc/pki/consumer/*",
    "/etc/pki/entitlement/*",
    "/var/lib/rhsm/*",
    "/var/log/rhsm/*",
    "/etc/insights-client/machine-id",
    "/etc/insights-client/.registered",
    "/var/lib/insights/*",
    "/etc/sysconfig/network-scripts/ifcfg-e*",
  ],
};

/** In every home: who was here, what they typed, and what lets someone in elsewhere. */
const REMOVED_FROM_HOMES =
  ".ssh .*_history .*history .lesshst .viminfo .wget-hsts .aws .azure .kube .pulumi .gnupg .git-credentials .netrc " +
  ".config/git/credentials .config/gcloud .config/gh .config/pip .npmrc .yarnrc.yml .pypirc .docker/config.json " +
  ".docker/contexts .cargo/credentials* .gem/credentials .m2/settings.xml .terraform.d/credentials* " +
  ".sudo_as_admin_successful .cache .npm .local/share/recently-used.xbel .pm2/logs .pm2/pm2.log";

/**
 * What must not be in an image is removed; nothing a file or app step wrote is. Ends with 1 when something is still there.
 * The directory of the checks stays. SELinux labels are kept, and set anew on what was touched where they count.
 */
export function cleanupFunctions(recipe: FullRecipe, system: LinuxSystem): string {
  const files = recipe.steps.flatMap(({ file, app }) =>
    [file?.path, app?.directory].filter((path) => path !== undefined),
  );
  return `
KEEP=(${quoteAll(files)})
KEEP_USERS=(${quoteAll(keptUsers(recipe, system))})
GONE="${[...REMOVED, ...REMOVED_BY_FAMILY[system.family]].join("\n")}"
GONE_FROM_HOMES="${REMOVED_FROM_HOMES}"
${functions(system.family)}
${PACKAGE_CACHES[system.family]}`;
}

/** Users that stay: the system's own, those named in keepUsers, and those a step gives something to. */
export function keptUsers(recipe: FullRecipe, system: OperatingSystem): string[] {
  const named = recipe.steps.flatMap(({ app, pm2, file, user }) => [
    app?.owner,
    pm2?.user,
    file?.owner.split(":")[0],
    user?.name,
  ]);
  const users = [...system.loginUsers, ...recipe.keepUsers, ...named.filter((name) => name !== undefined)];
  return [...new Set(users)].filter((name) => name !== "root" && name !== "").sort();
}

const PACKAGE_CACHES: Record<LinuxFamily, string> = {
  debian: `package_caches() { apt-get clean; }`,
  amazon: `package_caches() { dnf clean all; }`,
  redhat: `package_caches() { dnf clean all; }`,
};

/** Files made anew by account tools and by clean-up itself; enforcing SELinux refuses what carries another's label. */
const LABELS = `
relabel() {
  command -v restorecon >/dev/null || return 0
  restorecon -R /etc/machine-id /etc/passwd /etc/shadow /etc/group /etc/gshadow /etc/ssh /var/lib/dbus /var/log 2>&1
}
`;

const functions = (family: LinuxFamily): string => `${family === "redhat" ? LABELS : ""}
kept() { # PATH: whether the recipe wrote it
  local kept
  for kept in "\${KEEP[@]}"; do [ "$1" != "$kept" ] || return 0; done
  return 1
}

purge() { # PATH…: each with all below it, but nothing the recipe wrote
  local path kept holds
  for path in "$@"; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    holds=
    for kept in "\${KEEP[@]}"; do
      [ "$path" != "$kept" ] || continue 2
      case $kept in "$path"/*) holds=1 ;; esac
    done
    if [ -n "$holds" ]; then purge "$path"/*; else rm -rf -- "$path"; fi
  done
}

left() { # PATH…: those that are there, but for what the recipe wrote
  local path kept found
  for path in "$@"; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    found=$(for kept in "\${KEEP[@]}"; do case $kept in "$path" | "$path"/*) echo "$kept" ;; esac; done)
    find "$path" ! -type d 2>/dev/null | grep -vxF -- "\${found:-/}"
  done
}

FORMER_HOMES=/

homes() { # every user's, and what is left of users that are gone, wherever they lived
  { getent passwd | cut -d: -f6; ls -d /home/*; echo "$FORMER_HOMES"; } | sort -u | grep -Ev '^/(|bin|dev|proc|nonexistent|run|sbin|sys|usr/.*)$'
}

in_homes() { # COMMAND: called with what must be gone from each home
  local home
  homes | while IFS= read -r home; do
    ( cd -- "$home" 2>/dev/null || exit 0
      # shellcheck disable=SC2086 # globs
      for name in $GONE_FROM_HOMES; do "$1" "$PWD/\${name#./}"; done )
  done
}

strangers() { # login users that nobody named, and second names of root
  local name id home shell
  getent passwd | while IFS=: read -r name _ id _ _ home shell; do
    case " \${KEEP_USERS[*]} root " in *" $name "*) continue ;; esac
    case $shell in */nologin | */false | */sync | */shutdown | */halt) shell= ;; esac
    case $home in /home/*) ;; *) shell= ;; esac
    if [ -n "$shell" ] || [ "$id" = 0 ] || { [ "$id" -ge 1000 ] && [ "$id" -lt 60000 ]; }; then echo "$name:$home"; fi
  done
}

remove_user() { # NAME HOME
  # A second name of root has root's processes: this one, too.
  if [ "$(id -u "$1")" != 0 ]; then
    loginctl terminate-user "$1" 2>/dev/null
    pkill -KILL -U "$1"
    sleep 0.2
  fi
  userdel -f "$1"
  case $2 in /home/?*) purge "$2" ;; esac
  purge "/var/mail/$1" "/var/spool/mail/$1" "/var/spool/cron/$1" "/var/spool/cron/crontabs/$1" "/etc/sudoers.d/$1" \\
    "/var/lib/systemd/linger/$1"
}

still_there() { # what clean-up should have removed
  local globs
  # shellcheck disable=SC2206 # globs
  globs=($GONE)
  left "\${globs[@]}"
  in_homes left
  strangers | sed 's/:.*/ is a login user/'
  [ ! -s /etc/machine-id ] || echo "/etc/machine-id is not empty"
  case $(getent shadow root | cut -d: -f2) in '!'* | '*'*) ;; *) echo "root has a password" ;; esac
}

clean() {
  local path name home
  shopt -s nullglob dotglob
  for path in "\${KEEP[@]}"; do KEEP+=("$(readlink -m -- "$path")"); done
  # Logs to memory only from here on; services that would write again what is removed are stopped.
  if [ -d /run/systemd/system ]; then
    mkdir -p /run/systemd/journald.conf.d
    printf '[Journal]\\nStorage=volatile\\n' >/run/systemd/journald.conf.d/ami-lifecycle.conf
    systemctl restart systemd-journald
    systemctl stop ${family === "redhat" ? "rhsmcertd.service rhsm.service " : ""}amazon-ssm-agent.service snap.amazon-ssm-agent.amazon-ssm-agent.service rsyslog.service syslog.socket \\
      systemd-random-seed.service 2>/dev/null
  fi
  FORMER_HOMES=$(homes)
  strangers | while IFS=: read -r name home; do remove_user "$name" "$home" </dev/null; done
  usermod -p '!*' root
  package_caches
  command -v cloud-init >/dev/null && cloud-init clean --logs --seed
  # shellcheck disable=SC2086 # globs
  purge $GONE
  in_homes purge
  purge /var/log/journal/* /var/log/*.gz /var/log/*.[0-9] /var/log/*/*.gz /var/log/amazon/ssm/* /var/log/sa/sa*
  # Emptied, not removed: services hold them open, and some must exist.
  find /var/log -type f | while IFS= read -r path; do
    kept "$path" || : >"$path"
  done
  for path in /tmp/* /var/tmp/*; do case $path in */systemd-private-*) ;; *) purge "$path" ;; esac; done
  [ -L /etc/resolv.conf ] || [ ! -e /etc/resolv.conf ] || kept /etc/resolv.conf || : >/etc/resolv.conf
  : >/etc/machine-id
  if [ -e /var/lib/dbus/machine-id ] || [ -L /var/lib/dbus/machine-id ]; then
    ln -sfn /etc/machine-id /var/lib/dbus/machine-id
  fi
${family === "redhat" ? "  relabel\n" : ""}  path=$(still_there)
  [ -z "$path" ] || { printf 'still there: %s\\n' "$path"; return 1; }
}
`;
