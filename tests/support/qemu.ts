import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { addressOf, type Instance, macOf, Metadata } from "./metadata";
import { type Boot, CACHE, missingTools, Root, run, whyNoMachine } from "./nspawn";
import { blankDisk, diskOf, kernelLayer, kernelOf } from "./qemuImage";

/**
 * Machines of QEMU: their own kernel and disks, a serial console, and cloud-init that finds EC2's metadata service.
 * All of it is emulated, for hardware virtualisation cannot be counted on: a boot takes most of a minute.
 */

/** Why no machine can be booted here; undefined when one can. */
export function whyNoQemu(): string | undefined {
  if (process.arch !== "x64") return `the machine is an x86-64 one, this computer is ${process.arch}`;
  const missing = missingTools("qemu-system-x86_64", "nc.openbsd", "mke2fs", "setpriv");
  return whyNoMachine() ?? (missing.length > 0 ? `not installed: ${missing.join(", ")}` : undefined);
}

/** A raw disk in a file of the cache, gone with this process, or with the next that makes one. */
export class Disk {
  private constructor(readonly file: string) {
    process.once("exit", () => this.destroy());
  }

  private static next(): Disk {
    fs.mkdirSync(CACHE, { recursive: true });
    for (const name of fs.readdirSync(CACHE)) {
      const owner = /^disk-(\d+)-/.exec(name)?.[1];
      const orphaned = owner !== undefined && !fs.existsSync(`/proc/${owner}`);
      if (orphaned) fs.rmSync(path.join(CACHE, name), { recursive: true, force: true });
    }
    return new Disk(path.join(fs.mkdtempSync(path.join(CACHE, `disk-${process.pid}-`)), "raw"));
  }

  /** With everything below that directory. */
  static of(directory: string): Disk {
    const disk = Disk.next();
    diskOf(directory, disk.file);
    return disk;
  }

  static blank(gigabytes = 1): Disk {
    const disk = Disk.next();
    blankDisk(disk.file, gigabytes);
    return disk;
  }

  /** What an image is, and a volume made from it. */
  copy(): Disk {
    const copy = Disk.next();
    run("cp", "--sparse=always", this.file, copy.file);
    return copy;
  }

  /** Looks at it, read-only, while no machine runs from it. */
  read<T>(look: (root: Root) => T): T {
    const at = `${this.file}.mounted`;
    fs.mkdirSync(at);
    run("mount", "-o", "loop,ro", this.file, at);
    try {
      return look(new Root(at));
    } finally {
      run("umount", at);
      fs.rmdirSync(at);
    }
  }

  destroy(): void {
    fs.rmSync(path.dirname(this.file), { recursive: true, force: true });
  }
}

export interface QemuBoot extends Boot {
  /** What the machine asked its metadata service for. */
  asked: readonly string[];
}

const running = new Set<ChildProcess>();
process.on("exit", killAll);

export function killAll(): void {
  for (const machine of running) machine.kill("SIGKILL");
}

/** Boots from the first disk, as that instance, until the machine powers itself off. */
export async function boot(disks: readonly Disk[], instance: Instance, seconds = 480): Promise<QemuBoot> {
  const metadata = await Metadata.serve(instance);
  const begun = Date.now();
  // Should this process be killed, the machine goes with it.
  const child = spawn("setpriv", ["--pdeathsig=KILL", "qemu-system-x86_64", ...flags(disks, instance, metadata.port)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  let late = false;
  const timer = setTimeout(() => (late = child.kill("SIGKILL")), seconds * 1000);
  const ended = await new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ?? code)));
  clearTimeout(timer);
  running.delete(child);
  metadata.close();
  const text = Buffer.concat(chunks).toString("utf8");
  if (ended !== 0) {
    const why = late ? `was still running after ${seconds} s` : `ended with ${String(ended)}`;
    throw new Error(`the machine ${why}:\n${text.slice(-6000)}`);
  }
  return { console: text, seconds: (Date.now() - begun) / 1000, asked: metadata.asked };
}

function flags(disks: readonly Disk[], instance: Instance, port: number): string[] {
  const { kernel, initrd } = kernelOf(kernelLayer());
  // EC2's link-local address must be inside the emulated network: QEMU forwards no other. Without IPv6, for cloud-init
  // would wait for an answer at EC2's address there.
  const network = "user,id=net,ipv6=off,net=160.0.0.0/4,host=172.31.0.1,dns=172.31.0.2";
  const metadata = `guestfwd=tcp:169.254.169.254:80-cmd:nc.openbsd -N 127.0.0.1 ${port}`;
  const digits = `ec2${instance.id.slice(2).padEnd(29, "0")}`;
  const uuid = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  return [
    // Without what takes an emulator longest: wide vectors, five-level page tables, virtualisation inside.
    ...["-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max,-svm,-avx,-avx2,-la57", "-smp", "2", "-m", "1024"],
    ...["-nodefaults", "-no-reboot", "-display", "none", "-serial", "stdio"],
    ...["-kernel", kernel, "-initrd", initrd],
    // As on Debian's image for EC2, but for the mitigations: they are slow, and emulated for nothing.
    ...["-append", "root=/dev/vda ro console=tty0 console=ttyS0,115200 consoleblank=0 mitigations=off"],
    ...["-uuid", uuid, "-smbios", `type=1,manufacturer=Amazon EC2,product=t3.small,serial=${uuid},uuid=${uuid}`],
    ...disks.flatMap(({ file }) => ["-drive", `file=${file},format=raw,if=virtio,cache=unsafe`]),
    ...["-netdev", `${network},dhcpstart=${addressOf(instance)},${metadata}`],
    ...["-device", `virtio-net-pci,netdev=net,mac=${macOf(instance)},romfile=`],
  ];
}
