import type { NodejsStep } from "../../../recipe";
import { quoteAll } from "../shell";
import type { LinuxSystem } from "../systems";

/** Package managers in shell: `update_packages`, `install_packages NAME…` and `upgrade_packages`. */
export function packageFunctions(system: LinuxSystem): string {
  return RETRY + (system.packageManager === "apt" ? APT : dnf(system));
}

/**
 * Only what time mends is tried again: locks held by a first boot's own updates, mirrors that fail or are half synced.
 * A package that does not exist fails at once, with the package manager's own words in the log.
 */
const RETRY = `
TRANSIENT='Could not get lock|Unable to acquire|is locked by another|Temporary failure|Could not resolve|Could not connect'
TRANSIENT+='|Connection (failed|timed out|refused|reset)|Failed to fetch|Hash Sum mismatch|Mirror sync|File has unexpected size'
TRANSIENT+='|Failed to download metadata|Cannot download|Curl error|Error downloading|timed out|Could not wait for lock'
TRANSIENT+='|[^0-9]50[0234][^0-9]'

retry() { # COMMAND…: again after 5, 15 and 45 seconds when its output says that waiting may help
  local from code pause
  for pause in 5 15 45 ''; do
    from=$(wc -c <"$LOG")
    code=0
    "$@" || code=$?
    [ "$code" = 0 ] && return 0
    [ -n "$pause" ] || return "$code"
    tail -c "+$((from + 1))" "$LOG" | grep -E "$TRANSIENT" >/dev/null || return "$code"
    echo "Trying again in $pause seconds."
    sleep "$pause"
  done
}
`;

const APT = `
apt_get() {
  apt-get -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o APT::Update::Error-Mode=any \\
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

update_packages() { # once, and again after a repository was added
  [ -e "$WORK/updated" ] && return
  retry apt_get update || return
  touch "$WORK/updated"
}

install_packages() {
  update_packages || return
  retry apt_get install "$@"
}

upgrade_packages() {
  update_packages || return
  retry apt_get upgrade --with-new-pkgs
}
`;

// Amazon Linux pins its repositories to the release of the image: without `latest`, an upgrade changes nothing.
const dnf = ({ family }: LinuxSystem): string => `
install_packages() { retry dnf -y --setopt=retries=3 install "$@"; }
upgrade_packages() { retry dnf -y --setopt=retries=3${family === "amazon" ? " --releasever=latest" : ""} upgrade; }
`;

export function packagesStep(packages: readonly string[]): string {
  return `install_packages ${quoteAll(packages)}`;
}

/** Installs a command's package unless the command is there. */
export function need(command: string, packageName = command): string {
  return `command -v ${command} >/dev/null || install_packages ${packageName}`;
}

/** Node.js as NodeSource's own set-up script configures it, without running that script. */
export function nodejsStep({ version }: NodejsStep, system: LinuxSystem): string {
  if (system.packageManager === "dnf") {
    return `cat >/etc/yum.repos.d/nodesource-nodejs.repo <<'END'
[nodesource-nodejs]
name=Node.js Packages for Linux RPM based distros
baseurl=https://rpm.nodesource.com/pub_${version}.x/nodistro/nodejs/$basearch
priority=9
enabled=1
gpgcheck=1
gpgkey=https://rpm.nodesource.com/gpgkey/ns-operations-public.key
module_hotfixes=1
END
install_packages nodejs`;
  }
  // Pinned: a distribution's own nodejs may have the higher version number.
  return `install_packages ca-certificates curl
install -d -m 0755 /etc/apt/keyrings
curl -fsSL --retry 5 --retry-all-errors -o /etc/apt/keyrings/nodesource.asc \\
  https://deb.nodesource.com/gpgkey/nodesource-repo.gpg.key
chmod 0644 /etc/apt/keyrings/nodesource.asc
echo 'deb [signed-by=/etc/apt/keyrings/nodesource.asc] https://deb.nodesource.com/node_${version}.x nodistro main' \\
  >/etc/apt/sources.list.d/nodesource.list
printf 'Package: nodejs\\nPin: origin deb.nodesource.com\\nPin-Priority: 600\\n' >/etc/apt/preferences.d/nodesource
rm -f "$WORK/updated"
install_packages nodejs`;
}
