import type { Problem } from "./problems";
import { isKnown } from "./known";
import { Checks, RULES } from "./rules";

/** Who images are shared with. */
export interface Receivers {
  accounts?: string[];
  organizationArns?: string[];
  organizationalUnitArns?: string[];
}

/** One of them, with the part of its name that is unique: an account's id, `o-…` or `ou-…`. */
export interface Entity {
  kind: "account" | "organization" | "unit";
  id: string;
  given: string;
}

const KINDS = [
  { field: "accounts", kind: "account", rule: "account" },
  { field: "organizationArns", kind: "organization", rule: "organizationArn" },
  { field: "organizationalUnitArns", kind: "unit", rule: "organizationalUnitArn" },
] as const;

/** The fields that name them. */
export const RECEIVERS: readonly string[] = KINDS.map(({ field }) => field);

/** Amazon EC2 quota: entities that an image can be shared with. */
const MOST_ENTITIES = 1000;

const idOf = (given: string): string => given.split("/").pop() ?? given;

export const entitiesOf = (receivers: Receivers): Entity[] =>
  KINDS.flatMap(({ field, kind }) => (receivers[field] ?? []).map((given) => ({ kind, id: idOf(given), given })));

/** Each entity well-formed, each once. They name resources, so none may be known only later. */
export function receiverProblems(receivers: Receivers): Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const { field, rule } of KINDS) {
    (receivers[field] ?? []).forEach((given: unknown, i) => {
      const path = `${field}[${i}]`;
      const { test, allowed, fix } = RULES[rule];
      if (given === "all") {
        problems.push({
          path,
          given,
          allowed: `${allowed}: images are never made public`,
          fix: "Name the accounts, organisations or units",
        });
      } else if (typeof given !== "string" || !test(given)) {
        problems.push({ path, given: isKnown(given) ? given : "a value known only later", allowed, fix });
      } else if (seen.has(idOf(given))) {
        problems.push({ path, given, allowed: "each receiver once", fix: "Remove the second mention" });
      } else {
        seen.add(idOf(given));
      }
    });
  }
  return problems;
}

/** The caller's own account, known only when AWS has been asked, owns the images: AWS refuses to share with it. */
export function ownAccountProblems(accounts: string[], own: string): Problem[] {
  return accounts.flatMap((given, i) =>
    given === own
      ? [{ path: `accounts[${i}]`, given, allowed: "accounts other than the images' own", fix: "Remove it" }]
      : [],
  );
}

export interface Sharing extends Receivers {
  imageIds: { [region: string]: unknown };
  kmsKeyArns: { [region: string]: unknown };
  volumes?: string[];
}

/** Every problem of what is to be shared, and with whom. */
export function sharingProblems(sharing: Sharing): Checks {
  const { imageIds, kmsKeyArns, volumes = [] } = sharing;
  const regions = Object.keys(imageIds);
  const checks = new Checks();
  for (const region of regions) {
    const at = `imageIds["${region}"]`;
    checks.rule("region", at, region).rule("imageId", at, imageIds[region]);
  }
  checks.add(...customerKeyProblems(regions, kmsKeyArns));
  const problems = receiverProblems(sharing);
  checks.add(...problems);
  const entities = KINDS.reduce((sum, { field }) => sum + (sharing[field]?.length ?? 0), 0);
  if (entities === 0) {
    checks.add({
      path: "accounts",
      allowed: "at least one of accounts, organizationArns and organizationalUnitArns",
      fix: "Say who the images are shared with",
    });
  }
  if (entities > MOST_ENTITIES) {
    checks.add({
      path: "accounts",
      given: entities,
      allowed: "at most 1000 accounts, organisations and units together (AWS's quota for an image)",
      fix: "Share with an organisation or a unit in place of its accounts",
    });
  }
  return checks.add(...volumeNameProblems(volumes));
}

/** An image under the AWS-managed key cannot be shared: Amazon EC2 user guide, "Share an AMI". */
function customerKeyProblems(regions: string[], keys: { [region: string]: unknown }): Problem[] {
  const allowed = "the customer-managed key that the region's image is under";
  const fix = "Make the image under a key of your own, such as ImageKeys': one under aws/ebs cannot be shared";
  const own: { [region: string]: unknown } = {};
  const problems: Problem[] = [];
  for (const region of regions) {
    if (keys[region] === undefined) problems.push({ path: `kmsKeyArns["${region}"]`, allowed, fix });
  }
  for (const [region, given] of Object.entries(keys)) {
    const managed = typeof given === "string" && /(^|:)alias\/aws\//.test(given);
    if (managed) problems.push({ path: `kmsKeyArns["${region}"]`, given, allowed, fix });
    else own[region] = given;
  }
  return [...problems, ...new Checks().keys("kmsKeyArns", own, regions, "the regions of imageIds").problems];
}

/** What a device is called in a resource's name: `/dev/sdf` is `sdf`. */
export const volumeSuffix = (device: string): string => device.replace(/^\/dev\//, "");

function volumeNameProblems(volumes: unknown[]): Problem[] {
  const { test, allowed, fix } = RULES.deviceName;
  const seen = new Set(["root"]);
  return volumes.flatMap((given, i): Problem[] => {
    const path = `volumes[${i}]`;
    if (typeof given !== "string" || !test(given)) return [{ path, given, allowed, fix }];
    if (seen.has(volumeSuffix(given))) {
      return [{ path, given, allowed: "each volume besides the root once", fix: "Remove it" }];
    }
    seen.add(volumeSuffix(given));
    return [];
  });
}
