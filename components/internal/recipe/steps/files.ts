import type { FullStep } from "../defaults";
import { quote, writeText } from "../shell";

/** Written in place, so that the file keeps its SELinux label; readable by nobody else before its mode is set. */
export function fileStep({ path, content, mode, owner }: NonNullable<FullStep["file"]>): string {
  return `path=${quote(path)}
mkdir -p -- "$(dirname -- "$path")"
( umask 077 && : >>"$path" )
${writeText(content, `"$path"`)}
chown -- ${quote(owner)} "$path"
chmod -- ${quote(mode)} "$path"`;
}

/** The line of /etc/environment: PAM takes off the outer quotes and leaves everything between them alone. */
export function environmentLine(name: string, value: string): string {
  return `${name}="${value}"`;
}

/** Where the variables go for services; systemd reads it at boot and when it executes itself anew. */
export const SYSTEMD_ENVIRONMENT = "/etc/systemd/system.conf.d/50-ami-lifecycle.conf";

/** The line of systemd's configuration. Backslashes and quotes are escaped as in C, a percent sign is doubled. */
export function systemdLine(name: string, value: string): string {
  const escaped = value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("%", "%%");
  return `DefaultEnvironment="${name}=${escaped}"`;
}

/** `all` are the variables of this step and of those before it: systemd's file holds them together. */
export function environmentStep(own: Record<string, string>, all: Record<string, string>): string {
  const pairs = sortedPairs(own);
  const names = pairs.map(([name]) => `-e ${quote(`/^${name}=/d`)}`).join(" ");
  const lines = pairs.map(([name, value]) => `${environmentLine(name, value)}\n`).join("");
  const systemd = ["[Manager]", ...sortedPairs(all).map(([name, value]) => systemdLine(name, value)), ""].join("\n");
  return `touch /etc/environment
sed -i -e '$a\\' ${names} /etc/environment
${writeText(lines, ">/etc/environment")}
mkdir -p /etc/systemd/system.conf.d
${writeText(systemd, SYSTEMD_ENVIRONMENT)}
if [ -d /run/systemd/system ]; then systemctl daemon-reexec; fi`;
}

export function sortedPairs(pairs: Record<string, string>): [string, string][] {
  return Object.entries(pairs).sort(([left], [right]) => (left < right ? -1 : 1));
}
