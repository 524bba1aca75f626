import { instanceTypeOf } from "../../components/internal/instanceTypes";
import { answer } from "../model";
import { MADE_OF } from "../images";
import { type ByUrn, sourcesOf } from "../inputs";
import { isSaid, textOr } from "../values";
import { templateOf } from "../launchTemplates";
import { TYPES } from "../resourceTypes";
import type { RecordedLookup, RecordedResource } from "../types";
import { knownText } from "../wire";

/** What the program tells of an image without saying it: undefined where nothing does. */
export interface ImageFacts {
  architecture?: string;
  bootMode?: string;
}

/** The input of a resource that names the image it is made of, or is about. */
const FROM: { readonly [type: string]: string } = {
  ...MADE_OF,
  [TYPES.parameter]: "insecureValue",
  [TYPES.tag]: "resourceId",
};

const factsOf = (architecture: string | undefined, bootMode?: string): ImageFacts => ({
  ...(architecture !== undefined && { architecture }),
  ...(bootMode !== undefined && { bootMode }),
});

/** What several do not agree on is not known. */
function agreed(facts: readonly ImageFacts[]): ImageFacts {
  const same = (values: readonly (string | undefined)[]) => (new Set(values).size === 1 ? values[0] : undefined);
  return factsOf(same(facts.map((one) => one.architecture)), same(facts.map((one) => one.bootMode)));
}

/** Assumed images have the words of their look-up in their id. */
function ofAssumed(id: string): ImageFacts {
  if (!id.startsWith("ami-assumed-")) return {};
  const [isArm, isIntel] = [/\b(arm64|aarch64)\b/.test(id), /\b(amd64|x86[-_]64)\b/.test(id)];
  if (isArm === isIntel) return {};
  const mac = /\bmac(os)?\b/.test(id) ? "_mac" : "";
  return { architecture: `${isArm ? "arm64" : "x86_64"}${mac}` };
}

/** The architecture of what is installed on a machine of some type: that of 64 bits, where there are two. */
function ofMachine(type: string | undefined): string | undefined {
  const found = (type === undefined ? undefined : instanceTypeOf(type))?.architectures.filter((one) => one !== "i386");
  return found?.length === 1 ? found[0] : undefined;
}

/** What is known of images by their ids: from the filters that they were looked up with. */
function ofLookups(lookups: readonly RecordedLookup[]): Map<string, ImageFacts> {
  const found = new Map<string, ImageFacts>();
  for (const { token, args, region } of lookups) {
    if (token !== "aws:ec2/getAmi:getAmi" || region === undefined) continue;
    const result = answer(token, args, { region })?.result;
    const id = knownText(result?.id);
    if (id === undefined) continue;
    const own = factsOf(knownText(result?.architecture), knownText(result?.bootMode));
    // Assumed images have one id for look-ups that differ in their filters.
    found.set(id, agreed([own, found.get(id) ?? own]));
  }
  return found;
}

/** A chain of more copies than this is not followed. */
const DEEPEST = 500;

/** Follows images through records, copies and pointers to the instance that they are made of. */
export class Images {
  private readonly known: ReadonlyMap<string, ImageFacts>;
  /** What was found before. What goes in a circle is not known: there it begins with nothing. */
  private readonly found = new Map<string, ImageFacts>();
  private depth = 0;

  constructor(
    private readonly byUrn: ByUrn,
    lookups: readonly RecordedLookup[],
  ) {
    this.known = ofLookups(lookups);
  }

  /** Of the image that a resource launches, or is about. */
  of(resource: RecordedResource): ImageFacts {
    const before = this.found.get(resource.urn);
    if (before) return before;
    this.found.set(resource.urn, {});
    if (this.depth >= DEEPEST) return {};
    this.depth += 1;
    const facts = this.look(resource);
    this.depth -= 1;
    this.found.set(resource.urn, facts);
    return facts;
  }

  private look(resource: RecordedResource): ImageFacts {
    const input = FROM[resource.type];
    if (input === undefined) return {};
    if (resource.type === TYPES.instance && !isSaid(resource.inputs.ami)) {
      const template = templateOf(resource, this.byUrn);
      return template ? this.of(template) : {};
    }
    const given = knownText(resource.inputs[input]);
    if (given !== undefined) return { ...ofAssumed(given), ...this.known.get(given) };
    const facts = sourcesOf(resource, input, this.byUrn).map((source) => this.ofSource(source));
    return agreed(facts);
  }

  private ofSource(source: RecordedResource): ImageFacts {
    const { type, inputs } = source;
    if (type === TYPES.foreignImage) {
      const { architecture } = inputs;
      return factsOf(textOr(architecture, "x86_64"), knownText(inputs.bootMode));
    }
    // An image is of the machine that it was taken from.
    const own = type === TYPES.instance ? knownText(inputs.instanceType) : undefined;
    return { ...factsOf(ofMachine(own)), ...this.of(source) };
  }
}
