import type { Root } from "../support/nspawn";

export const SITE = `server {
  listen 8080;
  location / { proxy_pass http://127.0.0.1:3000; }
  location /none-such { return 404; }
}
`;

export const HOSTILE_LINE = `'"$(touch /srv/pwned)\`touch /srv/pwned\` \\ \\n %s %d %% $HOME !! -n é漢🎉 * ~ [ami-lifecycle] x OK "`;
export const HOSTILE = `-n ${HOSTILE_LINE}\nEND\nEND_\n\t\r\n\r\u0001\u001b[31m\u007f \u2028 \u00a0\n[ami-lifecycle] x FAILED y\n\n\\`;

/** Users of a server that many logged in to, in every way that they come: useradd's arguments. */
const PEOPLE: { [name: string]: string[] } = {
  mallory: ["--create-home", "--shell", "/bin/bash", "--uid", "1500", "--password", "$6$x$y"],
  service: ["--create-home", "--shell", "/bin/bash", "--system"],
  deploy: ["--create-home", "--shell", "/bin/bash"],
  alice: ["--create-home", "--shell", "/bin/sh", "--uid", "2001", "--groups", "sudo,adm"],
  // With a uid that no login user has, a home elsewhere, no shell, and a second name of root.
  bob: ["--create-home", "--shell", "/bin/bash", "--uid", "70000", "--no-user-group"],
  carol: ["--create-home", "--home-dir", "/srv/carol", "--shell", "/bin/bash"],
  dave: ["--create-home", "--shell", "/usr/sbin/nologin", "--uid", "1800"],
  toor: ["--no-create-home", "--home-dir", "/root", "--shell", "/bin/bash", "--non-unique", "--uid", "0"],
};
const HOMES = ["/root", "/srv/carol"].concat(
  ["alice", "bob", "dave", "deploy", "mallory", "service"].map((name) => `/home/${name}`),
);
const IN_HOMES = [
  ".ssh/id_ed25519",
  ".ssh/known_hosts",
  ".bash_history",
  ".zsh_history",
  ".python_history",
  ".aws/credentials",
]
  .concat([".git-credentials", ".config/git/credentials", ".netrc", ".docker/config.json", ".pypirc", ".kube/config"])
  .concat([".gnupg/private-keys-v1.d/x.key", ".mysql_history", ".lesshst", ".config/gh/hosts.yml", ".cache/pip/x"]);

export const SECRETS = [
  ...HOMES.flatMap((home) => IN_HOMES.map((name) => `${home}/${name}`)),
  "/root/.ssh/authorized_keys",
  "/home/deploy/.npmrc",
  "/var/lib/amazon/ssm/registration",
  "/var/lib/amazon/ssm/Vault/Store/RegistrationKey",
  "/var/tmp/build/x",
  "/var/log/journal/0123/system.journal",
  "/var/log/syslog.1",
  "/var/log/nginx/old.gz",
  "/var/lib/dhcp/dhclient.eth0.leases",
  ...["mallory", "alice"].flatMap((name) => [
    `/etc/sudoers.d/${name}`,
    `/var/spool/cron/crontabs/${name}`,
    `/var/mail/${name}`,
  ]),
  "/var/crash/x",
];
export const OTHER_TRACES = [
  "/etc/sudoers.d/90-cloud-init-users",
  "/etc/hostname",
  "/etc/shadow-",
  "/etc/passwd-",
].concat([
  "/var/log/cloud-init.log",
  "/var/log/cloud-init-output.log",
  "/home/admin/.ssh/authorized_keys",
  "/var/lib/systemd/random-seed",
]);

/** Secrets wherever people leave them, and login users that nobody named. */
export function plant(machine: Root): void {
  for (const [name, options] of Object.entries(PEOPLE)) machine.chroot("useradd", ...options, name);
  machine.chroot("usermod", "--password", "$6$salt$planted-secret", "root");
  for (const name of SECRETS) machine.write(name, "planted-secret\n", 0o600);
  machine.write("/var/log/auth.log", "planted-secret\n");
}

export function grep(machine: Root, text: string): string[] {
  return machine
    .chroot("sh", "-c", `grep -rl --exclude-dir=proc --exclude-dir=sys -- ${text} / || true`)
    .split("\n")
    .filter(Boolean);
}

/** A machine as it was in its first life. */
export interface Life {
  instanceId: string;
  machineId: string;
  /** Text that only its user data contains. */
  userData: string;
}

/** Which of the planted users there are. */
const peopleOf = (root: Root): string[] =>
  (root.read("/etc/passwd").match(/^[^:]+/gm) ?? []).filter((name) => Object.hasOwn(PEOPLE, name));

/** What of a first life can still be found on a disk, in file names and contents. Nothing, where clean-up did its work. */
export function tracesOf(root: Root, life: Life): { [of: string]: string[] } {
  const named = (text: string) => root.chroot("find", "/", "-name", `*${text}*`).split("\n").filter(Boolean);
  // cloud-init writes root's keys at every first boot; whether they are the planted ones, their contents tell.
  const planted = SECRETS.filter((name) => name !== "/root/.ssh/authorized_keys" && root.exists(name));
  return {
    secrets: [...new Set([...planted, ...grep(root, "planted-secret")])],
    users: peopleOf(root),
    instance: [...named(life.instanceId), ...grep(root, life.instanceId)],
    machineId: [...named(life.machineId), ...grep(root, life.machineId)],
    userData: grep(root, `"${life.userData}"`),
  };
}
