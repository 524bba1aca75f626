/**
 * A recipe: what goes into an image. Plain data, so that it can stand in TypeScript, in stack config or in any other
 * Pulumi language. Each step and each check has exactly one field set.
 */
export interface Recipe {
  /**
   * The operating system of the base image: `ubuntu-24.04`, `ubuntu-22.04`, `debian-12`, `amazon-linux-2023`, `rhel-9`;
   * `windows-2022` and `windows-2025` are experimental: never run on Windows. Its newest image is looked up in the
   * public SSM parameter that its publisher keeps (`rhel-9`: among Red Hat's own images, for Red Hat keeps none), unless
   * a base image is given.
   */
  os: string;
  /**
   * CPU architecture: `x86_64` or `arm64`. It must suit the instance type. Windows is `x86_64` only.
   * @default "x86_64"
   */
  architecture?: string;
  /** What is done, in this order. The first step that fails ends the build. None is an error: use a check at least. */
  steps?: RecipeStep[];
  /** What must be true of a machine made from the image, besides what is derived from the steps. */
  checks?: RecipeCheck[];
  /**
   * Whether what must not be in an image is removed at the end: host keys, authorized keys, histories, credentials,
   * logs, machine-id, cloud-init's state and login users nobody named. Windows is generalized by sysprep then.
   * @default true
   */
  cleanup?: boolean;
  /**
   * Login users that clean-up keeps, besides those of the operating system, those of `user` steps and those the steps
   * name as owners.
   */
  keepUsers?: string[];
}

/** One step. Exactly one field is set. Windows takes no `upgrade`, `nodejs`, `app` and `pm2`. */
export interface RecipeStep {
  /** `true` brings every installed package up to date. */
  upgrade?: boolean;
  /**
   * Packages to install, by the names of the system's package manager. On Windows, whose base images carry none, these
   * are Windows features, e.g. `Web-Server`; install programs in a `run` step.
   */
  packages?: string[];
  /** Node.js from the NodeSource repository. */
  nodejs?: NodejsStep;
  /** An application from a git repository. */
  app?: AppStep;
  /** A process kept running by PM2. Needs Node.js: put a `nodejs` step before it. */
  pm2?: Pm2Step;
  /** A file with given content. */
  file?: FileStep;
  /** A login user. It stays in the image without being named in `keepUsers`. */
  user?: UserStep;
  /** Ports that are open; everything else is closed to the outside. At most one such step. */
  firewall?: FirewallStep;
  /** Environment variables for every login and service, by name: written to /etc/environment and systemd's defaults. */
  environment?: { [name: string]: string };
  /** A service of systemd, or of Windows. */
  service?: ServiceStep;
  /** Services to stop and disable. One that does not exist is not an error. */
  disableServices?: string[];
  /** A shell script, run by bash with `-e` and `pipefail`. On Windows a PowerShell script that stops at an error. */
  run?: string;
}

/** Node.js of one major version, from the NodeSource repository. */
export interface NodejsStep {
  /** The major version, e.g. `"22"`. NodeSource keeps 18 and later. */
  version: string;
}

/** A checkout of a git repository, installed. */
export interface AppStep {
  /** Address that `git clone` takes. Without credentials: what is in a recipe is in the image. */
  repository: string;
  /** Branch, tag or full commit id. Name a tag or a commit, so that the same recipe makes the same image. */
  revision: string;
  /** Absolute path the application is put at. It must not exist, or be empty. */
  directory: string;
  /**
   * Shell command run in the directory after the checkout, e.g. `npm ci --omit=dev`.
   * @default none
   */
  install?: string;
  /**
   * User that owns the directory.
   * @default "root"
   */
  owner?: string;
}

/** A process that PM2 starts at boot and keeps running. */
export interface Pm2Step {
  /** Name of the process in PM2. */
  name: string;
  /** Script to run, relative to the directory. */
  script: string;
  /** Absolute path of the directory it runs in. */
  directory: string;
  /** Environment of the process. */
  environment?: { [name: string]: string };
  /**
   * User it runs as.
   * @default "root"
   */
  user?: string;
  /**
   * Processes in PM2's cluster mode.
   * @default 1
   */
  instances?: number;
}

/** A file written as it stands. */
export interface FileStep {
  /** Absolute path, on Windows as `C:\\web\\index.html`. Missing directories are made. */
  path: string;
  /** The content, written as it stands, byte for byte. */
  content: string;
  /**
   * Permissions in octal. Not on Windows, where the file inherits those of its directory.
   * @default "0644"
   */
  mode?: string;
  /**
   * Owner, as `user` or `user:group`. Not on Windows.
   * @default "root"
   */
  owner?: string;
}

/**
 * A login user. It has no password anybody knows. For a way in by SSH write `/home/NAME/.ssh/authorized_keys` in a `file`
 * step: clean-up removes other keys.
 */
export interface UserStep {
  /** Name: small letters, digits, `_` and `-`, at most 31 (Windows: 20), beginning with a letter or `_`. */
  name: string;
  /**
   * Further groups it is in. They must exist: a package or a `run` step before makes them.
   * @default none
   */
  groups?: string[];
  /**
   * Login shell: an absolute path. Not on Windows.
   * @default "/bin/bash"
   */
  shell?: string;
}

/**
 * The machine's own firewall: nftables on Debian and Amazon Linux, ufw on Ubuntu, firewalld on RHEL, Windows' own.
 * Whatever is not allowed is closed to the outside, but answers, the loopback interface, ICMP and DHCP; what the machine
 * asks others, Session Manager among it, stays open.
 */
export interface FirewallStep {
  /** Open ports as `80/tcp`, `53/udp` or `8000-8010/tcp`. None closes all of them, SSH too. */
  allow: string[];
}

/** A service of systemd or of Windows, on or off. */
export interface ServiceStep {
  /** Name of the unit, with or without `.service`; on Windows the service's short name, e.g. `W3SVC`. */
  name: string;
  /**
   * Whether it starts at boot; it is started at once too, and a check that it runs is derived. `false` disables and
   * stops it.
   * @default true
   */
  enabled?: boolean;
}

/** One check. Exactly one field is set. A check is retried for up to a minute before it counts as failed. */
export interface RecipeCheck {
  /** A request made on the machine itself. */
  http?: HttpCheck;
  /** Name of a service that must be running. */
  service?: string;
  /** A shell command that must end with 0, within a minute. On Windows a PowerShell command. */
  command?: string;
}

/** A request that must be answered as said. */
export interface HttpCheck {
  /** Address, as seen from the machine, e.g. `http://127.0.0.1/`. */
  url: string;
  /**
   * The status code the answer must have: 100–599.
   * @default 200
   */
  status?: number;
  /** Text the answer's body must contain. */
  contains?: string;
}
