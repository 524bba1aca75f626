import type { FullStep } from "../defaults";
import { quote, quoteAll } from "../shell";

/** The account is locked: no password opens it. One that an earlier step or the base image has is taken over. */
export const USER_FUNCTION = `
make_user() { # NAME SHELL GROUP…
  local name=$1 shell=$2 group
  shift 2
  if id -u "$name" >/dev/null 2>&1; then
    usermod --shell "$shell" "$name"
  elif getent group "$name" >/dev/null; then
    useradd --create-home --shell "$shell" --gid "$name" "$name"
  else
    useradd --create-home --shell "$shell" --user-group "$name"
  fi
  for group in "$@"; do usermod --append --groups "$group" "$name"; done
}
`;

export function userStep({ name, shell, groups }: NonNullable<FullStep["user"]>): string {
  return `[ -x ${quote(shell)} ] || { printf '%s is not there\\n' ${quote(shell)}; exit 1; }
make_user ${quoteAll([name, shell, ...groups])}`;
}
