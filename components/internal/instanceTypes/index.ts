import { architectureOf } from "../names";
import { own } from "../own";
import { INSTANCE_TYPES } from "./typesTable";
import { INSTANCE_ZONES } from "./zonesTable";

/** What is known of an EC2 instance type without asking AWS. */
export interface InstanceType {
  vcpus: number;
  /** EC2's names: `x86_64`, `arm64`, `i386`, `x86_64_mac`, `arm64_mac`. */
  architectures: string[];
  /** `legacy-bios`, `uefi`. */
  bootModes: string[];
}

const ARCHITECTURES: { [letter: string]: string } = {
  x: "x86_64",
  a: "arm64",
  i: "i386",
  m: "x86_64_mac",
  n: "arm64_mac",
};
const BOOT_MODES: { [letter: string]: string } = { l: "legacy-bios", u: "uefi" };

const spelled = (letters: string, names: { [letter: string]: string }): string[] =>
  [...letters].flatMap((letter) => names[letter] ?? []);

const split = (type: string): [family: string, size: string] => {
  const at = type.indexOf(".");
  return at < 0 ? [type, ""] : [type.slice(0, at), type.slice(at + 1)];
};

/** Undefined for a type that the table does not have: a misspelt one, or one that AWS has brought since. */
export function instanceTypeOf(type: string): InstanceType | undefined {
  const [family, size] = split(type);
  for (const row of own(INSTANCE_TYPES.types, family)?.split(", ") ?? []) {
    const [name, vcpus = "", architectures = "", modes = ""] = row.split(" ");
    if (name !== size) continue;
    return {
      vcpus: Number(vcpus),
      architectures: spelled(architectures, ARCHITECTURES),
      bootModes: spelled(modes, BOOT_MODES),
    };
  }
  return undefined;
}

/** The name tells of types that are newer than the table, but for Macs; undefined for what is no type at all. */
export function architecturesOf(type: string): string[] | undefined {
  const isNewer = /^(?!mac)[a-z][a-z0-9-]*[.]./.test(type);
  return instanceTypeOf(type)?.architectures ?? (isNewer ? [architectureOf(type)] : undefined);
}

/** Every type of the table. */
export const allInstanceTypes = (): string[] =>
  Object.entries(INSTANCE_TYPES.types).flatMap(([family, rows]) =>
    rows.split(", ").map((row) => `${family}.${row.split(" ")[0] ?? ""}`),
  );

/**
 * The zones of a region that offer a type, none where the region does not; undefined where the table has no such region
 * or type. Names of zones are those of the account that the table is of: in regions opened before November 2025 the same
 * letter may be another place in another account.
 */
export function zonesOffering(type: string, region: string): string[] | undefined {
  const places = own(INSTANCE_ZONES, region);
  if (places === undefined || instanceTypeOf(type) === undefined) return undefined;
  const [family] = split(type);
  const find = (name: string) => Object.keys(places).find((letters) => places[letters]?.split(" ").includes(name));
  // A size that differs from its family is listed by itself.
  const letters = find(type) ?? find(family);
  if (letters === undefined || letters === "none") return [];
  return [...letters].map((letter) => region + letter);
}

/** Whether the table has a zone: it has none of local zones, nor letters that its account does not have. */
export const hasZone = (zone: string, region: string): boolean =>
  Object.keys(own(INSTANCE_ZONES, region) ?? {}).some(
    (letters) => letters !== "none" && [...letters].some((letter) => region + letter === zone),
  );

/** `moto 5.2.5 (Apache-2.0), 2026-10-27`. */
export const INSTANCE_TYPES_SOURCE = `${INSTANCE_TYPES.source}, ${INSTANCE_TYPES.date}`;
