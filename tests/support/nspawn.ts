import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Machines that boot for real, as containers of systemd-nspawn: systemd, cloud-init and apt are Debian 12's own. */

const PACKAGES = [
  "systemd,systemd-sysv,dbus,cloud-init,openssh-server,curl,ca-certificates,git,sudo",
  "iproute2,netbase,procps,cron,rsyslog,nftables",
].join(",");
export const CACHE = path.resolve(__dirname, "../../.cache/nspawn");
const TOOLS = ["systemd-nspawn", "mmdebstrap", "slirp4netns", "unshare", "nsenter", "openssl", "gpg", "git", "ss"];

/** What EC2 hands to a machine started with a key pair. */
const PUBLIC_KEY =
  "public-keys:\n  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKtQ0Y1Yx3nCqmq1s0r3nZk8mO1u2vZ0w0bC4dE5fG6h test@example\n";

/** Why no machine can be booted here; undefined when one can. */
export function whyNoMachine(): string | undefined {
  if (process.getuid?.() !== 0) return "booting machines needs root";
  const missing = missingTools(...TOOLS);
  return missing.length > 0 ? `not installed: ${missing.join(", ")}` : undefined;
}

export function missingTools(...tools: string[]): string[] {
  return tools.filter((tool) => !succeeds("sh", "-c", `command -v ${tool}`));
}

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

export function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
}

/** The root file system every machine begins with, made once for a list of packages (about 40 s). */
export function baseRoot(): string {
  return cached("debian-12", `${PACKAGES} ${prepareBase.toString()}`, (making) => {
    try {
      run("mmdebstrap", "--quiet", "--variant=minbase", `--include=${PACKAGES}`, "bookworm", `${making}.tar`);
      fs.mkdirSync(making);
      run("tar", "-C", making, "-xf", `${making}.tar`);
      prepareBase(making);
    } finally {
      fs.rmSync(`${making}.tar`, { force: true });
    }
  });
}

/** The directory of that name in the cache, made anew when what it is made from (the key) is another. */
export function cached(name: string, key: string, make: (making: string) => void): string {
  const made = path.join(CACHE, `${name}-${createHash("sha256").update(key).digest("hex").slice(0, 12)}`);
  if (fs.existsSync(made)) return made;
  fs.mkdirSync(CACHE, { recursive: true });
  const making = `${made}.${process.pid}`;
  make(making);
  try {
    fs.renameSync(making, made);
  } catch (error) {
    fs.rmSync(making, { recursive: true, force: true });
    if (!fs.existsSync(made)) throw error; // else another run was quicker
  }
  return made;
}

function prepareBase(root: string): void {
  const write = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    fs.writeFileSync(root + name, text);
  };
  // As in Debian's image for EC2, where the login user is admin. Without a locale cloud-init's status is an error.
  const user = "system_info: { default_user: { name: admin, shell: /bin/bash, sudo: ['ALL=(ALL) NOPASSWD:ALL'] } }";
  write("/etc/cloud/cloud.cfg.d/99-test.cfg", `datasource_list: [NoCloud, None]\nlocale: C.UTF-8\n${user}\n`);
  write("/etc/cloud/ds-identify.cfg", "policy: enabled\n");
  fs.rmSync(`${root}/etc/resolv.conf`, { force: true });
  write("/etc/resolv.conf", "nameserver 10.0.2.3\n");
  write("/etc/hosts", "127.0.0.1 localhost deb.nodesource.com git.example.com\n");
  write("/etc/hostname", "base\n");
  write("/etc/machine-id", "");
  for (const unit of ["apt-daily.timer", "apt-daily-upgrade.timer", "systemd-networkd-wait-online.service"]) {
    fs.symlinkSync("/dev/null", `${root}/etc/systemd/system/${unit}`);
  }
  for (const key of fs.readdirSync(`${root}/etc/ssh`))
    if (key.startsWith("ssh_host_")) fs.rmSync(`${root}/etc/ssh/${key}`);
}

/** A network of its own with a way out through slirp4netns: what listens in a machine collides with nothing here. */
export class Network {
  private constructor(
    private readonly holder: ChildProcess,
    private readonly slirp: ChildProcess,
  ) {}

  static async open(): Promise<Network> {
    const holder = spawn("unshare", ["--net", "--", "sleep", "infinity"], { stdio: "ignore" });
    const own = fs.readlinkSync("/proc/self/ns/net");
    await until(() => fs.readlinkSync(`/proc/${holder.pid}/ns/net`) !== own, "a network namespace");
    const slirp = spawn("slirp4netns", ["--configure", "--mtu=65520", String(holder.pid), "tap0"], { stdio: "ignore" });
    const network = new Network(holder, slirp);
    await until(() => network.inside("ip", "route").includes("default"), "slirp4netns");
    network.inside("ip", "link", "set", "lo", "up");
    return network;
  }

  get path(): string {
    return `/proc/${this.holder.pid}/ns/net`;
  }

  inside(...command: string[]): string {
    return run("nsenter", `--net=${this.path}`, ...command);
  }

  spawnInside(...command: string[]): ChildProcess {
    return spawn("nsenter", [`--net=${this.path}`, ...command], { stdio: ["ignore", "inherit", "inherit"] });
  }

  close(): void {
    this.slirp.kill("SIGKILL");
    this.holder.kill("SIGKILL");
  }
}

export async function until(holds: () => boolean, what: string, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    try {
      if (holds()) return;
    } catch {
      // not yet
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

export interface Boot {
  /** Everything that was written to the console. */
  console: string;
  seconds: number;
}

/** A root file system that nothing is running from. */
export class Root {
  constructor(readonly root: string) {}

  file(name: string): string {
    return this.root + name;
  }

  exists(name: string): boolean {
    return fs.existsSync(this.file(name)) || fs.lstatSync(this.file(name), { throwIfNoEntry: false }) !== undefined;
  }

  read(name: string): string {
    return fs.readFileSync(this.file(name), "utf8");
  }

  write(name: string, text: string, mode = 0o644): void {
    fs.mkdirSync(path.dirname(this.file(name)), { recursive: true });
    fs.writeFileSync(this.file(name), text, { mode });
  }

  chroot(...command: string[]): string {
    return run("chroot", this.root, ...command);
  }
}

/** One machine: an overlay of the base root, booted as often as wanted. */
export class Machine extends Root {
  private constructor(private readonly directory: string) {
    super(path.join(directory, "root"));
  }

  /** The layers go on top of the base root, the topmost first. */
  static create(layers: readonly string[] = []): Machine {
    const base = baseRoot();
    const directory = fs.mkdtempSync(path.join(CACHE, "machine-"));
    for (const name of ["upper", "work", "root"]) fs.mkdirSync(path.join(directory, name));
    const lower = [...layers, base].join(":");
    const options = `lowerdir=${lower},upperdir=${directory}/upper,workdir=${directory}/work`;
    run("mount", "-t", "overlay", "overlay", "-o", options, `${directory}/root`);
    return new Machine(directory);
  }

  /** Runs a command in it without booting, with this computer's network. */
  command(...command: string[]): string {
    const args = ["--quiet", "--register=no", "--keep-unit", "--resolv-conf=replace-host", "--pipe"];
    return run("systemd-nspawn", ...args, "-D", this.root, ...command);
  }

  /** Boots with this user data, as a new instance, until it powers off. */
  async boot(network: Network, userDataBase64: string, instance: string, seconds = 120): Promise<Boot> {
    const seed = this.file("/var/lib/cloud/seed/nocloud");
    fs.mkdirSync(seed, { recursive: true });
    fs.writeFileSync(`${seed}/meta-data`, `instance-id: ${instance}\nlocal-hostname: ${instance}\n${PUBLIC_KEY}`);
    fs.writeFileSync(`${seed}/user-data`, Buffer.from(userDataBase64, "base64"));
    const begun = Date.now();
    const args = ["--quiet", "--boot", "--register=no", "--keep-unit", "--resolv-conf=off", "--console=read-only"];
    const child = spawn(
      "systemd-nspawn",
      // Of its own network only: a firewall step sets rules there.
      [
        ...args,
        "--capability=CAP_NET_ADMIN",
        `--network-namespace-path=${network.path}`,
        `--machine=m${process.pid}`,
        "-D",
        this.root,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    const timer = setTimeout(() => child.kill("SIGKILL"), seconds * 1000);
    const signal = await new Promise((resolve) => child.on("close", (_code, by) => resolve(by)));
    clearTimeout(timer);
    const text = Buffer.concat(chunks).toString("utf8");
    if (signal) throw new Error(`the machine was still running after ${seconds} s:\n${text.slice(-6000)}`);
    return { console: text, seconds: (Date.now() - begun) / 1000 };
  }

  /** What was changed, as a layer for others: in place of destroying it. */
  keep(layer: string): void {
    run("umount", this.root);
    fs.renameSync(path.join(this.directory, "upper"), layer);
    fs.rmSync(this.directory, { recursive: true, force: true });
  }

  destroy(): void {
    run("umount", "-l", this.root);
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Machine's own temporary directory on the host, e.g. for a repository served to it. */
export function temporary(prefix: string): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), `${prefix}-`));
}
