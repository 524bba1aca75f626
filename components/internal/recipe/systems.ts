import { suggest } from "../nearest";

/** How packages are named, installed and cleaned up after. */
export type Family = "debian" | "amazon";

export const ARCHITECTURES = ["x86_64", "arm64"] as const;
export type Architecture = (typeof ARCHITECTURES)[number];
export const DEFAULT_ARCHITECTURE: Architecture = "x86_64";

/** One operating system that recipes can name. */
export interface OperatingSystem {
  id: string;
  title: string;
  family: Family;
  packageManager: "apt" | "dnf";
  /** Login users the publisher's image makes by itself: clean-up never removes them. */
  loginUsers: readonly string[];
  /** Account id, or Amazon's alias, that owns the publisher's images: a look-up by name alone could find a stranger's. */
  owner: string;
  /** Public SSM parameter with the id of the newest image, by architecture. */
  parameter: Readonly<Record<Architecture, string>>;
  /** Device name of the root volume in the publisher's image. */
  rootDevice: string;
  /** Size of the root volume in the publisher's image in GiB: a smaller one is refused by EC2. */
  minimumRootGiB: number;
}

/** Every operating system a recipe can name. A further one is a further row. */
export const OPERATING_SYSTEMS: readonly OperatingSystem[] = [
  {
    id: "ubuntu-24.04",
    title: "Ubuntu 24.04 LTS",
    family: "debian",
    packageManager: "apt",
    loginUsers: ["ubuntu"],
    owner: "099720109477",
    parameter: {
      x86_64: "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
      arm64: "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id",
    },
    rootDevice: "/dev/sda1",
    minimumRootGiB: 8,
  },
  {
    id: "debian-12",
    title: "Debian 12",
    family: "debian",
    packageManager: "apt",
    loginUsers: ["admin"],
    owner: "136693071363",
    parameter: {
      x86_64: "/aws/service/debian/release/12/latest/amd64",
      arm64: "/aws/service/debian/release/12/latest/arm64",
    },
    rootDevice: "/dev/xvda",
    minimumRootGiB: 8,
  },
  {
    id: "amazon-linux-2023",
    title: "Amazon Linux 2023",
    family: "amazon",
    packageManager: "dnf",
    loginUsers: ["ec2-user"],
    owner: "amazon",
    parameter: {
      x86_64: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
      arm64: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64",
    },
    rootDevice: "/dev/xvda",
    minimumRootGiB: 8,
  },
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

/** The public SSM parameter that holds the newest base image's id. */
export function parameterOf(id: string, architecture: string = DEFAULT_ARCHITECTURE): string {
  const system = systemOf(id);
  if (!isArchitecture(architecture)) {
    throw new Error(
      `Unknown architecture ${JSON.stringify(architecture)}. ${suggest(architecture, [...ARCHITECTURES])}.`,
    );
  }
  return system.parameter[architecture];
}
