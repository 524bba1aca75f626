import * as fs from "node:fs";
import * as path from "node:path";
import { cached, Machine, run } from "./nspawn";

/** Debian 12's kernel and network as in its images for EC2, on top of what the nspawn machines have. */
const PACKAGES = "linux-image-cloud-amd64 initramfs-tools udev systemd-resolved zstd";

const INSTALL = `set -e
export DEBIAN_FRONTEND=noninteractive
mkdir -p /etc/initramfs-tools/conf.d
echo MODULES=list >/etc/initramfs-tools/conf.d/modules
printf 'virtio_pci\\nvirtio_blk\\next4\\n' >/etc/initramfs-tools/modules
apt-get update -qq
apt-get install -y -qq --no-install-recommends ${PACKAGES}
systemctl enable systemd-networkd systemd-resolved
apt-get clean
rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log
`;

/** The layer that makes a machine of nspawn.ts one that boots on hardware (about 15 s, once). */
export function kernelLayer(): string {
  return cached("kernel", `${INSTALL} ${prepare.toString()}`, (making) => {
    const machine = Machine.create();
    try {
      machine.command("bash", "-c", INSTALL);
      prepare(machine);
    } catch (error) {
      machine.destroy();
      throw error;
    }
    machine.keep(making);
  });
}

function prepare(machine: Machine): void {
  // How cloud-init finds out where it runs is its own affair here: the firmware says EC2.
  fs.rmSync(machine.file("/etc/cloud/ds-identify.cfg"));
  const config = machine.read("/etc/cloud/cloud.cfg.d/99-test.cfg");
  machine.write("/etc/cloud/cloud.cfg.d/99-test.cfg", config.replace("NoCloud", "Ec2"));
  fs.rmSync(machine.file("/etc/systemd/system/systemd-networkd-wait-online.service"));
  fs.rmSync(machine.file("/etc/resolv.conf"), { force: true });
  fs.symlinkSync("/run/systemd/resolve/stub-resolv.conf", machine.file("/etc/resolv.conf"));
  machine.write("/etc/hosts", "127.0.0.1 localhost\n");
  // What takes long on an emulated processor, or waits for answers that no name server of the host's gives.
  machine.write("/etc/cloud/cloud.cfg.d/99-quick.cfg", "ssh_genkeytypes: [ed25519]\n");
  machine.write("/etc/systemd/resolved.conf.d/quick.conf", "[Resolve]\nLLMNR=no\nMulticastDNS=no\n");
  machine.write("/etc/apt/apt.conf.d/99-quick", 'Acquire { Languages "none"; CompressionTypes::Order:: "gz"; }\n');
  machine.write("/etc/fstab", "/dev/vda / ext4 errors=remount-ro 0 1\n");
  machine.write("/etc/machine-id", "");
}

/** The kernel and its initial file system, as files of the layer. */
export function kernelOf(layer: string): { kernel: string; initrd: string } {
  const find = (prefix: string) => {
    const name = fs.readdirSync(path.join(layer, "boot")).find((file) => file.startsWith(prefix));
    if (!name) throw new Error(`no ${prefix}* in ${layer}/boot`);
    return path.join(layer, "boot", name);
  };
  return { kernel: find("vmlinuz-"), initrd: find("initrd.img-") };
}

/** The root file system of a machine that has not booted yet. */
export function newMachine(): Machine {
  return Machine.create([kernelLayer()]);
}

/** A sparse file of that size, in GiB: a blank disk. */
export function blankDisk(file: string, gigabytes: number): void {
  fs.closeSync(fs.openSync(file, "w"));
  fs.truncateSync(file, gigabytes * 2 ** 30);
}

/** A disk with one file system and no partitions, with everything below that directory on it. */
export function diskOf(directory: string, file: string): void {
  blankDisk(file, 4);
  run("mke2fs", "-q", "-F", "-t", "ext4", "-d", directory, file);
}
