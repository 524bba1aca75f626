import { architecturesOf } from "../../components/internal/instanceTypes";
import { answer } from "../model";
import { TYPES } from "../resourceTypes";
import type { RecordedLookup, RecordedResource } from "../types";
import { knownText } from "../wire";

/** What the program tells of an image without saying it: undefined where nothing does. */
export interface ImageFacts {
  architecture?: string;
  bootMode?: string;
}

/** The input of a resource that names the image it is made from, or is about. */
const FROM: { [type: string]: string } = {
  [TYPES.instance]: "ami",
  [TYPES.image]: "sourceInstanceId",
  [TYPES.copy]: "sourceAmiId",
  [TYPES.template]: "imageId",
  [TYPES.parameter]: "insecureValue",
  "aws:ec2/tag:Tag": "resourceId",
};

/** Assumed images have the words of their look-up in their id. */
function ofAssumed(id: string): ImageFacts {
  if (!id.startsWith("ami-assumed-")) return {};
  const [isArm, isIntel] = [/\b(arm64|aarch64)\b/.test(id), /\b(amd64|x86[-_]64)\b/.test(id)];
  return isArm === isIntel ? {} : { architecture: isArm ? "arm64" : "x86_64" };
}

/** What is known of images by their ids: from the filters that they were looked up with. */
function ofLookups(lookups: readonly RecordedLookup[]): Map<string, ImageFacts> {
  const found = new Map<string, ImageFacts>();
  for (const { token, args, region } of lookups) {
    if (token !== "aws:ec2/getAmi:getAmi" || region === undefined) continue;
    const result = answer(token, args, { region })?.result;
    const id = knownText(result?.id);
    if (id === undefined) continue;
    const own = { architecture: knownText(result?.architecture), bootMode: knownText(result?.bootMode) };
    // Assumed images have one id for look-ups that differ in their filters: what these do not agree on is not known.
    const before = found.get(id) ?? own;
    const [architecture, bootMode] = (["architecture", "bootMode"] as const).map((fact) =>
      before[fact] === own[fact] ? own[fact] : undefined,
    );
    found.set(id, { ...(architecture && { architecture }), ...(bootMode && { bootMode }) });
  }
  return found;
}

/** Follows images through records, copies and pointers to the instance that they are made of. */
export class Images {
  private readonly byUrn: ReadonlyMap<string, RecordedResource>;
  private readonly known: ReadonlyMap<string, ImageFacts>;

  constructor(resources: readonly RecordedResource[], lookups: readonly RecordedLookup[]) {
    this.byUrn = new Map(resources.map((one) => [one.urn, one]));
    this.known = ofLookups(lookups);
  }

  /** Of the image that a resource launches, or is about. */
  of(resource: RecordedResource, seen: ReadonlySet<string> = new Set()): ImageFacts {
    const input = FROM[resource.type];
    if (input === undefined || seen.has(resource.urn)) return {};
    const given = knownText(resource.inputs[input]);
    if (given !== undefined) return { ...ofAssumed(given), ...this.known.get(given) };
    const sources = (resource.inputsFrom?.[input] ?? []).flatMap((urn) => this.byUrn.get(urn) ?? []);
    const facts = sources.map((source) => this.ofSource(source, new Set([...seen, resource.urn])));
    // What several sources do not agree on is not known.
    const same = (values: (string | undefined)[]) => (new Set(values).size === 1 ? values[0] : undefined);
    const [architecture, bootMode] = [
      same(facts.map((one) => one.architecture)),
      same(facts.map((one) => one.bootMode)),
    ];
    return { ...(architecture && { architecture }), ...(bootMode && { bootMode }) };
  }

  private ofSource(source: RecordedResource, seen: ReadonlySet<string>): ImageFacts {
    const { type, inputs } = source;
    if (type === "aws:ec2/ami:Ami") {
      const [architecture = "x86_64", bootMode] = [knownText(inputs.architecture), knownText(inputs.bootMode)];
      return { architecture, ...(bootMode && { bootMode }) };
    }
    const facts = this.of(source, seen);
    // An image is of the machine that it was taken from.
    const own = type === TYPES.instance ? knownText(inputs.instanceType) : undefined;
    const architecture = own === undefined ? undefined : architecturesOf(own)?.at(-1);
    return { ...(architecture && { architecture }), ...facts };
  }
}
