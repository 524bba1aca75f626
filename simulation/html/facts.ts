import { type Pointers, pointersOf } from "../../components/internal/pointers";
import { TAG } from "../../components/internal/tags";
import { compareVersions, isVersion } from "../../components/internal/versions";
import { typeOf } from "../../components/internal/resourceRules/typeNames";
import { RECOVERY_DEFAULTS } from "../../components/internal/recoveryTable";
import { type ByUrn, list, number, object, sourcesOf } from "../inputs";
import { gatesOf, isMade } from "../order";
import { regionsOf } from "../summary";
import { lastPart } from "../text";
import type { RecordedResource, Simulation, Wire, WireObject } from "../types";
import { imagesBy } from "../images";
import { TYPES } from "../resourceTypes";
import { flag, isLater } from "../values";
import { knownText, readable } from "../wire";

/** What a region has, for one row of a table. */
export interface RegionFact {
  region: string;
  resources: number;
  images: string[];
  keys: string[];
  fleets: string[];
  recovery: string[];
}

export function regionFacts({ resources }: Simulation): RegionFact[] {
  const made = resources.filter(isMade);
  const images = imagesBy(resources);
  return regionsOf(made).map((region) => {
    const here = made.filter((one) => one.region === region);
    return {
      region,
      resources: here.length,
      images: [...images].filter(([, at]) => at.has(region)).map(([image]) => image),
      keys: [
        ...here.filter(({ type }) => type === TYPES.key).map(({ name }) => name),
        ...new Set(
          here.flatMap(({ inputs }) =>
            typeof inputs.kmsKeyId === "string" && inputs.kmsKeyId.startsWith("arn:") ? [inputs.kmsKeyId] : [],
          ),
        ),
      ].sort(),
      fleets: here
        .filter(({ type }) => type === TYPES.group)
        .map(
          ({ name, inputs: { minSize, maxSize } }) => `${name}: ${number(minSize) ?? "?"} to ${number(maxSize) ?? "?"}`,
        )
        .sort(),
      recovery: resources
        .filter(({ type, inputs }) => type === TYPES.recovery && inputs.region === region)
        .map(
          ({ inputs }) =>
            `${knownText(inputs.strategy) ?? RECOVERY_DEFAULTS.strategy} for ${knownText(inputs.home) ?? "?"}${inputs.active === true ? ", active" : ""}`,
        ),
    };
  });
}

/** An SSM parameter by region, and the resources that its value comes from. */
export interface PointerFact {
  parameter: string;
  from: { [region: string]: string };
}

/** `/ami/web/prod` of `/ami/web/prod/current`. */
const lineOf = (parameter: string): string => parameter.slice(0, parameter.lastIndexOf("/"));

/** What a line's other parameters are behind. */
function recordOf(record: RecordedResource): string {
  const gates = gatesOf(record).map(lastPart);
  return gates.length === 0 ? "a record" : `a record, after ${gates.join(", ")}`;
}

/** The version that a pointer of the component names: other images' ids flow into it by what it waits for. */
function pointedVersion({ parent, inputs }: RecordedResource, byUrn: ByUrn): string | undefined {
  const owner = byUrn.get(parent ?? "");
  const current = knownText(owner?.inputs.current);
  if (owner?.type !== TYPES.parameters || current === undefined) return undefined;
  const versions = [...byUrn.values()].filter((one) => one.parent === parent).map((one) => lastOf(one.inputs.name));
  const inOrder = [...new Set(versions.filter(isVersion))].sort(compareVersions);
  return pointersOf(inOrder, current)[lastOf(inputs.name) as keyof Pointers];
}

/** `current` of `/ami/web/prod/current`. */
const lastOf = (parameter: Wire | undefined): string => lastPart(knownText(parameter) ?? "");

/** The parameters of type image, which are versions and pointers, and the records beside them. */
export function pointerFacts({ resources }: Simulation): PointerFact[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  const found = new Map<string, PointerFact>();
  const lines = new Set<string>();
  for (const resource of resources) {
    const { type, region, inputs, inputsFrom } = resource;
    const parameter = type === TYPES.parameter ? knownText(inputs.name) : undefined;
    if (parameter === undefined) continue;
    const sources = Object.values(inputsFrom ?? {})
      .flat()
      .map((urn) => byUrn.get(urn));
    const version = pointedVersion(resource, byUrn);
    const own = sources.filter(
      (one) =>
        one !== undefined &&
        (one.type === TYPES.copy || one.type === TYPES.image) &&
        one.region === region &&
        (version === undefined || object(one.inputs.tags)[TAG.version] === version),
    );
    const fact = found.get(parameter) ?? { parameter, from: {} };
    const isImage = inputs.dataType === "aws:ec2:image";
    if (isImage) lines.add(lineOf(parameter));
    const names = [...new Set(own.map((one) => one?.name ?? ""))].sort().join(", ") || "known only later";
    fact.from[region ?? ""] = isImage ? names : recordOf(resource);
    found.set(parameter, fact);
  }
  return [...found.values()]
    .filter(({ parameter }) => lines.has(lineOf(parameter)))
    .sort((a, b) => (a.parameter < b.parameter ? -1 : 1));
}

/** What is to be known of a resource before it is made: what survives, who may use it, what opens it. */
export interface SafetyFact {
  resource: RecordedResource;
  survives: string;
  shared: string;
  key: string;
  protection: string;
  open: string;
}

const said = (value: Wire | undefined): string | undefined => {
  const plain = value === undefined ? undefined : readable(value);
  return plain === undefined || plain === null ? undefined : typeof plain === "string" ? plain : JSON.stringify(plain);
};

const BALANCERS: string[] = [
  "aws:elb/loadBalancer:LoadBalancer",
  TYPES.balancer,
  TYPES.applicationBalancer,
  TYPES.networkBalancer,
];

const WORLD = ["0.0.0.0/0", "::/0"];

/** `tcp 80`, `tcp 1024–2048`. */
function portsOf(rule: WireObject): string {
  const protocol = said(rule.protocol ?? rule.ipProtocol) ?? "?";
  const [from, to] = [said(rule.fromPort) ?? "?", said(rule.toPort) ?? "?"];
  return `${protocol} ${from === to ? from : `${from}–${to}`}`;
}

function openOf({ type: given, inputs }: RecordedResource): string {
  const type = typeOf(given);
  const rules = type === "aws:ec2/securityGroup:SecurityGroup" ? list(inputs.ingress).map(object) : [];
  const worldly = [...rules, ...(/securityGroupIngressRule|securityGroupRule/.test(type) ? [inputs] : [])].filter(
    (rule) => {
      const blocks = [...list(rule.cidrBlocks), ...list(rule.ipv6CidrBlocks), rule.cidrIpv4, rule.cidrIpv6];
      return rule.type !== "egress" && blocks.some((block) => typeof block === "string" && WORLD.includes(block));
    },
  );
  if (worldly.length > 0) {
    return worldly.map((rule) => `${portsOf(rule)} from anywhere`).join("; ");
  }
  // A Gateway Load Balancer has no public addresses.
  if (!BALANCERS.includes(type) || said(inputs.loadBalancerType) === "gateway" || flag(inputs.internal) === true)
    return "";
  return isLater(inputs.internal) ? "internet-facing, unless internal" : "internet-facing";
}

function sharedWith({ type, inputs }: RecordedResource): string {
  if (type !== TYPES.permission && type !== "aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission")
    return "";
  const who = [inputs.accountId, inputs.organizationArn, inputs.organizationalUnitArn, inputs.group].map(said);
  return who.filter((one) => one !== undefined).join(", ");
}

/** The key that something is under. */
const keyOf = ({ encrypted, kmsKeyId }: WireObject): string | undefined =>
  said(kmsKeyId) ?? (encrypted === true ? "AWS-managed key" : undefined);

/** An image is under the key of the instance that it is made of. */
function keyOfImage(image: RecordedResource, byUrn: ByUrn): string {
  if (image.type !== TYPES.image) return "";
  const [source] = sourcesOf(image, "sourceInstanceId", byUrn, TYPES.instance);
  const key = source && keyOf(object(source.inputs.rootBlockDevice));
  return key === undefined ? "" : `${key}, its instance's`;
}

export function safetyFacts({ resources }: Simulation): SafetyFact[] {
  const byUrn = new Map(resources.map((one) => [one.urn, one]));
  return resources
    .filter(isMade)
    .map((resource): SafetyFact => {
      const { inputs, options } = resource;
      const isProtected = options.protect === true;
      const deletion = ["enableDeletionProtection", "deletionProtection", "disableApiTermination"].filter(
        (name) => flag(inputs[name]) === true,
      );
      const key =
        said(inputs.kmsMasterKeyId) ??
        keyOf(inputs) ??
        keyOf(object(inputs.rootBlockDevice)) ??
        keyOfImage(resource, byUrn);
      return {
        resource,
        survives:
          options.retainOnDelete === true
            ? "kept"
            : isProtected || deletion.length > 0
              ? "refused while protected"
              : "",
        shared: sharedWith(resource),
        key,
        protection: [...(isProtected ? ["Pulumi"] : []), ...deletion].join(", "),
        open: openOf(resource),
      };
    })
    .filter(({ survives, shared, key, protection, open }) =>
      [survives, shared, key, protection, open].some((one) => one !== ""),
    )
    .sort((a, b) => (a.resource.urn < b.resource.urn ? -1 : 1));
}

export const shortType = ({ type }: RecordedResource): string => lastPart(type);
