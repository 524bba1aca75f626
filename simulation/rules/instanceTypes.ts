import {
  allInstanceTypes,
  hasZone,
  INSTANCE_TYPES_SOURCE,
  instanceTypeOf,
  zonesOffering,
} from "../../components/internal/instanceTypes";
import { nearest } from "../../components/internal/nearest";
import type { Problem } from "../../components/internal/problems";
import { RULES } from "../../components/internal/rules";
import type { Asker } from "../askers";
import { isSaid } from "../values";
import { type ByUrn, list } from "../inputs";
import { overridesOf, templateOf } from "../launchTemplates";
import { TYPES } from "../resourceTypes";
import type { RecordedResource } from "../types";
import { knownText } from "../wire";
import type { Finding } from "./finding";
import type { ImageFacts, Images } from "./imageFacts";

/** The input by which a resource says its type; what it takes over from another one is that one's. */
function inputOf({ resource, kind }: Asker): string {
  if (kind === "throwaway") return "proof.instanceType";
  if (kind === "instance") return "instanceType";
  const isMixed = resource.inputs.mixedInstancesPolicy !== undefined;
  return isMixed ? "mixedInstancesPolicy.launchTemplate.overrides" : "launchTemplate";
}

const listed = (names: readonly string[]): string => names.join(", ");

/** Whether a group is in the default network's subnets, of which the model takes one for each of three zones. */
const isInAssumedZones = ({ resource }: Asker): boolean =>
  list(resource.inputs.vpcZoneIdentifiers).some((id) => knownText(id)?.startsWith("subnet-assumed-"));

const near = new Map<string, string | undefined>();

/** The type that is meant: looked for once, for it takes a while among so many. */
function nearestType(type: string): string | undefined {
  if (!near.has(type)) near.set(type, nearest(type, allInstanceTypes()));
  return near.get(type);
}

/** A type that the region, or each of the zones, does not offer. */
function offerProblem(asker: Asker, type: string, said: Said): Finding | undefined {
  const { resource, region, zones, movesZone, kind } = asker;
  if (region === undefined) return undefined;
  const { path } = said;
  // What no zone has is mended where the type is said, what some zones have also where these are.
  const inAll = (problem: Problem): Finding => ({ resource: said.by, severity: "warning", problem });
  if (instanceTypeOf(type) === undefined) {
    const near = nearestType(type);
    return inAll({
      path,
      given: type,
      allowed: `a type of EC2's (as of ${INSTANCE_TYPES_SOURCE})`,
      fix: near === undefined ? "Use a type that `aws ec2 describe-instance-types` lists" : `Did you mean "${near}"`,
    });
  }
  const offering = zonesOffering(type, region);
  if (offering === undefined) return undefined;
  if (offering.length === 0) {
    const allowed = `a type that ${region} offers (as of ${INSTANCE_TYPES_SOURCE})`;
    return inAll({ path, given: type, allowed, fix: "Use another type, or another region" });
  }
  const judged = (zones ?? []).filter((zone) => hasZone(zone, region));
  const without = judged.filter((zone) => !offering.includes(zone));
  // A group launches in all the zones that it is given; what is in zones that were only assumed is content with one.
  const needsAll = kind === "group" && !isInAssumedZones(asker);
  if (without.length === 0 || (!needsAll && without.length < (zones ?? []).length)) return undefined;
  const problem = {
    path: inputOf(asker),
    given: `${type} in ${listed(without)}`,
    allowed: `a zone of ${listed(offering)} (as of ${INSTANCE_TYPES_SOURCE}; zones have other names in other accounts)`,
    fix: movesZone && kind !== "group" ? "Use another type" : "Use another type, or subnets of these zones",
  };
  return { resource, severity: "warning", problem };
}

/** `InvalidParameterValue: The architecture 'arm64' of the specified instance type does not match …`. */
function fitProblem(path: string, type: string, { architecture, bootMode }: ImageFacts): Problem | undefined {
  const known = instanceTypeOf(type);
  if (known === undefined) return undefined;
  if (architecture !== undefined && !known.architectures.includes(architecture)) {
    const allowed = `a type of ${architecture}, the image's architecture`;
    return { path, given: type, allowed, fix: "Use another type, or an image of the type's architecture" };
  }
  // An image that prefers UEFI boots either way.
  if (bootMode !== "uefi" && bootMode !== "legacy-bios") return undefined;
  if (known.bootModes.includes(bootMode)) return undefined;
  const allowed = `a type that boots ${bootMode}, as the image does (${type}: ${listed(known.bootModes)})`;
  return { path, given: type, allowed, fix: "Use another type, or an image with another boot mode" };
}

/** What names the image that is launched. */
const launcherOf = ({ resource, kind }: Asker, byUrn: ByUrn) =>
  kind === "group" ? templateOf(resource, byUrn) : resource;

/** A group's types that bring templates, and so images, of their own. */
function withOwnTemplate({ resource, kind }: Asker): Set<string | undefined> {
  const own = overridesOf(resource).filter(({ launchTemplateSpecification: one }) => isSaid(one));
  return new Set(kind === "group" ? own.map(({ instanceType }) => knownText(instanceType)) : []);
}

/** The resource that says a type, and its input: where there is something to change. */
interface Said {
  by: RecordedResource;
  path: string;
}

function typeSaidBy(asker: Asker, byUrn: ByUrn): Said {
  const { resource, kind } = asker;
  const template = kind === "throwaway" ? undefined : templateOf(resource, byUrn);
  const isOwn = kind === "instance" ? isSaid(resource.inputs.instanceType) : overridesOf(resource).length > 0;
  return template && !isOwn ? { by: template, path: "instanceType" } : { by: resource, path: inputOf(asker) };
}

/** Templates that nothing here launches: AWS takes them, and starts nothing of them. */
export function templateFindings(resources: readonly RecordedResource[], images: Images, byUrn: ByUrn): Finding[] {
  const launched = new Set(
    resources.flatMap((one) => (one.type === TYPES.template ? [] : (templateOf(one, byUrn) ?? []))),
  );
  return resources.flatMap((resource): Finding[] => {
    const type = resource.type === TYPES.template ? knownText(resource.inputs.instanceType) : undefined;
    if (type === undefined || launched.has(resource)) return [];
    const problem = fitProblem("instanceType", type, images.of(resource));
    return problem ? [{ resource, severity: "warning", problem }] : [];
  });
}

/** Types that are not offered where they are asked for, or that cannot run their image. */
export function instanceTypeFindings(askers: readonly Asker[], images: Images, byUrn: ByUrn): Finding[] {
  return askers.flatMap((asker): Finding[] => {
    const { types = [] } = asker;
    const launcher = launcherOf(asker, byUrn);
    const facts = launcher ? images.of(launcher) : {};
    const all = types.filter((type) => RULES.instanceType.test(type));
    const said = typeSaidBy(asker, byUrn);
    const missing = all.map((type) => offerProblem(asker, type, said)).filter((finding) => finding !== undefined);
    // Of several types a group takes those that there are.
    const isServed = asker.kind === "group" && missing.length < all.length && isOffered(asker, all);
    const foreign = withOwnTemplate(asker);
    const misfits = all
      .filter((type) => !foreign.has(type))
      .map((type) => fitProblem(said.path, type, facts))
      .filter((problem) => problem !== undefined);
    return [
      ...(isServed ? [] : missing),
      ...misfits.map((problem) => ({ resource: said.by, severity: "error" as const, problem })),
    ];
  });
}

/** Whether each zone offers one of the types. */
function isOffered({ region = "", zones = [] }: Asker, types: readonly string[]): boolean {
  const offering = types.map((type) => zonesOffering(type, region));
  return zones.every((zone) => !hasZone(zone, region) || offering.some((some) => some?.includes(zone)));
}
