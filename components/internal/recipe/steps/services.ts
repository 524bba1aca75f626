import type { FullStep } from "../defaults";
import { quote } from "../shell";

const SUFFIX = /\.(service|socket|timer|mount|path|target|slice|scope|swap|automount|device)$/;

/** The full name of a unit: `.service` is understood. */
export function unitName(name: string): string {
  return SUFFIX.test(name) ? name : `${name}.service`;
}

/** Restarted rather than started: the package may have started it before a later step wrote its configuration. */
export function serviceStep({ name, enabled }: NonNullable<FullStep["service"]>): string {
  const unit = quote(unitName(name));
  if (!enabled) return `systemctl disable --now -- ${unit}`;
  return `systemctl daemon-reload
systemctl enable -- ${unit}
systemctl restart -- ${unit} || { systemctl status --no-pager --lines=15 -- ${unit}; exit 1; }`;
}

/** Called for each: a service that is not there is no error. */
export const DISABLE_FUNCTION = `
disable_service() {
  if systemctl cat -- "$1" >/dev/null 2>&1; then systemctl disable --now -- "$1"; else echo "$1: none"; fi
}
`;

export function disableServicesStep(names: readonly string[]): string {
  return names.map((name) => `disable_service ${quote(unitName(name))}`).join("\n");
}
