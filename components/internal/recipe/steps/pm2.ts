import type { FullStep } from "../defaults";
import { quote, writeText } from "../shell";

/** The major version of PM2 that is installed: a recipe must not change its meaning when the next one comes out. */
export const PM2_MAJOR = 7;

/**
 * PM2 under a unit of systemd named as `pm2 startup` names it. The process list is saved with a clean environment:
 * `pm2 save` writes down all of it, secrets too. The unit is stopped and started, so that what runs now is what is
 * brought back at boot.
 */
export const PM2_FUNCTIONS = `
pm2_unit() { # USER HOME
  cat <<END
[Unit]
Description=PM2 of $1
Wants=network-online.target
After=network-online.target

[Service]
Type=forking
User=$1
LimitNOFILE=infinity
Environment=HOME=$2 PM2_HOME=$2/.pm2 PATH=$PATH
PIDFile=$2/.pm2/pm2.pid
Restart=on-failure
ExecStart=$(command -v pm2) resurrect
ExecReload=$(command -v pm2) reload all
ExecStop=$(command -v pm2) kill

[Install]
WantedBy=multi-user.target
END
}

pm2_start() { # USER FILE: adds the file's processes to the user's PM2
  local unit="pm2-$1.service" home
  home=$(home_of "$1")
  chmod 0644 "$2"
  cd -- "$home" # a directory the user may enter, or PM2 cannot start its daemon
  as_user "$1" env PM2_HOME="$home/.pm2" pm2 start "$2"
  as_user "$1" env PM2_HOME="$home/.pm2" pm2 save --force
  if systemctl is-active -q "$unit"; then systemctl stop "$unit"; else as_user "$1" env PM2_HOME="$home/.pm2" pm2 kill; fi
  pm2_unit "$1" "$home" >"/etc/systemd/system/$unit"
  systemctl daemon-reload
  systemctl enable "$unit"
  systemctl start "$unit"
}
`;

export function pm2Step({
  name,
  script,
  directory,
  environment,
  user,
  instances,
}: NonNullable<FullStep["pm2"]>): string {
  const cluster = instances > 1 ? { exec_mode: "cluster", instances } : {};
  const sorted = Object.fromEntries(Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1)));
  const apps = [{ name, script: `./${script.replace(/^\.\//, "")}`, cwd: directory, ...cluster, env: sorted }];
  return `command -v pm2 >/dev/null || retry npm install --global --no-fund --no-audit pm2@${PM2_MAJOR}
ensure_user ${quote(user)}
apps=$(mktemp --suffix=.json)
${writeText(`${JSON.stringify({ apps }, null, 1)}\n`, `"$apps"`)}
pm2_start ${quote(user)} "$apps"
rm -f "$apps"`;
}
