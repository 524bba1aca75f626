import { quote } from "../shell";
import type { FullStep } from "../defaults";
import { need } from "./packages";

/** Accounts for applications: made when missing, without a login shell, so that clean-up has no reason to remove them. */
export const ACCOUNT_FUNCTIONS = `
ensure_user() { # NAME
  id -u "$1" >/dev/null 2>&1 ||
    useradd --system --user-group --create-home --home-dir "/home/$1" --shell /usr/sbin/nologin "$1"
}

home_of() { getent passwd "$1" | cut -d: -f6; }

as_user() { # NAME COMMAND…: with nothing of this script's environment
  local user=$1 home
  home=$(home_of "$user")
  shift
  runuser -u "$user" -- env -i HOME="$home" USER="$user" LOGNAME="$user" PATH="$PATH" LANG="$LANG" \\
    GIT_TERMINAL_PROMPT=0 "$@"
}
`;

/** What a revision means in a clone: a tag, then a branch, then a commit. The check asks the same question. */
export const REVISION_FUNCTION = `
revision_of() { # DIRECTORY REVISION
  local name
  for name in "refs/tags/$2" "refs/remotes/origin/$2" "$2"; do
    git -c safe.directory='*' -C "$1" rev-parse -q --verify "$name^{commit}" && return
  done
  echo "$2 is no tag, branch or commit of the repository"
  return 1
}
`;

export function appStep({ repository, revision, directory, install, owner }: NonNullable<FullStep["app"]>): string {
  const clone = `directory=${quote(directory)}
ensure_user ${quote(owner)}
mkdir -p -- "$directory"
[ -z "$(ls -A -- "$directory")" ] || { echo "$directory is not empty"; exit 1; }
chown -- ${quote(owner)}: "$directory"
cd -- "$directory"
retry as_user ${quote(owner)} git clone -q -- ${quote(repository)} .
commit=$(revision_of . ${quote(revision)}) || { echo "$commit"; exit 1; }
as_user ${quote(owner)} git -c advice.detachedHead=false checkout -q --detach "$commit"`;
  const command = install ? `\nas_user ${quote(owner)} bash -eo pipefail -c ${quote(install)}` : "";
  return `${need("git")}\n${clone}${command}`;
}
