import { suggest } from "../nearest";

/** How packages are named, installed and cleaned up after. */
export type Family = LinuxFamily | "windows";
export type LinuxFamily = "debian" | "amazon" | "redhat";

export const ARCHITECTURES = ["x86_64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];
export const DEFAULT_ARCHITECTURE: Architecture = "x86_64";

/** Where a publisher's newest image is found: a public SSM parameter, or a name among the publisher's own images. */
export interface ImageSource {
  /** Public SSM parameter with the id of the newest image. */
  ssmParameter?: string;
  /** Name pattern of the owner's images, for publishers without a public parameter. */
  namePattern?: string;
}

/** One operating system that recipes can name. */
export interface OperatingSystem {
  id: string;
  title: string;
  family: Family;
  /** `features` are those of Windows: its base images carry no package manager. */
  packageManager: "apt" | "dnf" | "features";
  /** What keeps ports closed: a `firewall` step sets it up. */
  firewall: "ufw" | "nftables" | "firewalld" | "windows";
  /** Group whose members may become root. */
  adminGroup: string;
  /** Never run on a real machine of this system by those who wrote its scripts. */
  experimental?: boolean;
  /** Login users the publisher's image makes by itself: clean-up never removes them. */
  loginUsers: readonly string[];
  /** Account id, or Amazon's alias, that owns the publisher's images: a look-up by name alone could find a stranger's. */
  owner: string;
  /** Where the newest image is found, by architecture; there are images for these only. */
  source: Readonly<Partial<Record<Architecture, ImageSource>>>;
  /** Device name of the root volume in the publisher's image. */
  rootDevice: string;
  /** Size of the root volume in the publisher's image in GiB: a smaller one is refused by EC2. */
  minimumRootGiB: number;
}

/** What the shell renderer works for. */
export interface LinuxSystem extends OperatingSystem {
  family: LinuxFamily;
  packageManager: "apt" | "dnf";
  firewall: "ufw" | "nftables" | "firewalld";
}

export const isLinux = (system: OperatingSystem): system is LinuxSystem => system.family !== "windows";

const CANONICAL = { packageManager: "apt", firewall: "ufw", adminGroup: "sudo", owner: "099720109477" } as const;
const ubuntu = (release: string): OperatingSystem => ({
  ...CANONICAL,
  id: `ubuntu-${release}`,
  title: `Ubuntu ${release} LTS`,
  family: "debian",
  loginUsers: ["ubuntu"],
  source: {
    x86_64: { ssmParameter: ubuntuParameter(release, "amd64") },
    arm64: { ssmParameter: ubuntuParameter(release, "arm64") },
  },
  rootDevice: "/dev/sda1",
  minimumRootGiB: 8,
});
const ubuntuParameter = (release: string, architecture: string) =>
  `/aws/service/canonical/ubuntu/server/${release}/stable/current/${architecture}/hvm/ebs-${release < "24" ? "gp2" : "gp3"}/ami-id`;

const windows = (year: string): OperatingSystem => ({
  id: `windows-${year}`,
  title: `Windows Server ${year}`,
  family: "windows",
  packageManager: "features",
  firewall: "windows",
  adminGroup: "Administrators",
  experimental: true,
  loginUsers: ["Administrator"],
  owner: "amazon",
  source: {
    x86_64: { ssmParameter: `/aws/service/ami-windows-latest/Windows_Server-${year}-English-Full-Base` },
  },
  rootDevice: "/dev/sda1",
  minimumRootGiB: 30,
});

/** Every operating system a recipe can name. A further one is a further row. */
export const OPERATING_SYSTEMS: readonly OperatingSystem[] = [
  ubuntu("24.04"),
  ubuntu("22.04"),
  {
    id: "debian-12",
    title: "Debian 12",
    family: "debian",
    packageManager: "apt",
    firewall: "nftables",
    adminGroup: "sudo",
    loginUsers: ["admin"],
    owner: "136693071363",
    source: {
      x86_64: { ssmParameter: "/aws/service/debian/release/12/latest/amd64" },
      arm64: { ssmParameter: "/aws/service/debian/release/12/latest/arm64" },
    },
    rootDevice: "/dev/xvda",
    minimumRootGiB: 8,
  },
  {
    id: "amazon-linux-2023",
    title: "Amazon Linux 2023",
    family: "amazon",
    packageManager: "dnf",
    firewall: "nftables",
    adminGroup: "wheel",
    loginUsers: ["ec2-user"],
    owner: "amazon",
    source: {
      x86_64: { ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" },
      arm64: { ssmParameter: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64" },
    },
    rootDevice: "/dev/xvda",
    minimumRootGiB: 8,
  },
  {
    id: "rhel-9",
    title: "Red Hat Enterprise Linux 9",
    family: "redhat",
    packageManager: "dnf",
    firewall: "firewalld",
    adminGroup: "wheel",
    loginUsers: ["ec2-user"],
    // Red Hat keeps no public parameter. Billed by the hour: the subscription comes with the instance.
    owner: "309956199498",
    source: {
      x86_64: { namePattern: "RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3" },
      arm64: { namePattern: "RHEL-9.*_HVM-*-arm64-*-Hourly2-GP3" },
    },
    rootDevice: "/dev/sda1",
    minimumRootGiB: 10,
  },
  windows("2022"),
  windows("2025"),
];

export const OS_IDS: readonly string[] = OPERATING_SYSTEMS.map((system) => system.id);

export function findSystem(id: unknown): OperatingSystem | undefined {
  return OPERATING_SYSTEMS.find((system) => system.id === id);
}

/** The row of an operating system; the error of an unknown one names the nearest. */
export function systemOf(id: string): OperatingSystem {
  const system = findSystem(id);
  if (!system) throw new Error(`Unknown operating system ${JSON.stringify(id)}. ${suggest(id, OS_IDS)}.`);
  return system;
}

export function isArchitecture(value: unknown): value is Architecture {
  return ARCHITECTURES.some((architecture) => architecture === value);
}

/** The architectures a system has images for. */
export function architecturesOf(system: OperatingSystem): Architecture[] {
  return ARCHITECTURES.filter((architecture) => system.source[architecture] !== undefined);
}

export const isWindows = (id: unknown): boolean => findSystem(id)?.family === "windows";

/** Where the publisher's newest image is found. */
export function sourceOf(id: string, architecture: string = DEFAULT_ARCHITECTURE): ImageSource & { owner: string } {
  const system = systemOf(id);
  const source = isArchitecture(architecture) ? system.source[architecture] : undefined;
  if (!source) {
    throw new Error(
      `Unknown architecture ${JSON.stringify(architecture)}. ${suggest(architecture, architecturesOf(system))}.`,
    );
  }
  return { ...source, owner: system.owner };
}
