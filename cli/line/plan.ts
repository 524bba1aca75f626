import { beyond, pointersOf } from "../../components/internal/pointers";
import { compareVersions } from "../../components/internal/versions";
import { Refusal } from "./refusal";

/** A line as a stack's config has it. */
export interface Line {
  /** Its name, e.g. `web`. */
  name: string;
  /** Kept, oldest first. */
  versions: readonly string[];
  current: string;
  /** Most versions kept. */
  keep?: number | undefined;
  /** Whether the images of the current version and of the one before it are protected. */
  protect: boolean;
  /** Versions whose image is from outside. */
  adopted: readonly string[];
  /** Versions whose image to promote is named by `images`. */
  promoted: readonly string[];
  /** Whether the stack bakes: then only the newest version can be made. */
  bakes: boolean;
  /** Days that deleted images stay in the Recycle Bin; 0: not at all. */
  recycleBinDays: number;
}

/** A key of config that has an entry for a version. */
export type EntryKey = "adopt" | "images";

/** An entry that goes with its version. */
export interface Entry {
  key: EntryKey;
  version: string;
}

/** What becomes of it. */
export interface Plan {
  versions: readonly string[];
  current: string;
  /** Entries of versions that go. */
  forgotten: readonly Entry[];
  /** What is done, for people: a sentence each. */
  says: readonly string[];
}

const list = (versions: readonly string[]): string =>
  versions.length < 2 ? versions.join("") : `${versions.slice(0, -1).join(", ")} and ${versions.at(-1) ?? ""}`;

/** Nothing to do, with the reason. */
const same = ({ versions, current }: Line, says: string): Plan => ({ versions, current, forgotten: [], says: [says] });

export const isSame = (line: Line, { versions, current }: Plan): boolean =>
  current === line.current && versions.join() === line.versions.join();

/** Versions that go, and what is to be known about that. Config does not say what the last `up` has made of it. */
function without(line: Line, gone: readonly string[]): Pick<Plan, "forgotten" | "says"> {
  const of = (key: EntryKey, versions: readonly string[]): Entry[] =>
    gone.filter((version) => versions.includes(version)).map((version) => ({ key, version }));
  const forgotten = [...of("adopt", line.adopted), ...of("images", line.promoted)];
  const adopted = gone.filter((version) => line.adopted.includes(version));
  const promoted = gone.filter((version) => line.promoted.includes(version));
  const own = gone.filter((version) => !adopted.includes(version));
  const says: string[] = [];
  if (adopted.length === 1) {
    says.push(`${list(adopted)} was adopted: its image is not deleted, and its entry in \`adopt\` is removed.`);
  } else if (adopted.length > 1) {
    says.push(
      `${list(adopted)} were adopted: their images are not deleted, and their entries in \`adopt\` are removed.`,
    );
  }
  if (promoted.length > 0) says.push(`The entry of ${list(promoted)} in \`images\` is removed, too.`);
  return { forgotten, says: own.length > 0 ? [...says, ...lossOf(line, own)] : says };
}

/** What deleting the images of versions takes, and what may stand against it. */
function lossOf({ protect, recycleBinDays }: Line, gone: readonly string[]): string[] {
  const one = gone.length === 1;
  const [any, its] = [one ? list(gone) : `one of them (${gone.join(", ")})`, one ? "its" : "their"];
  const bin =
    recycleBinDays > 0
      ? `Once \`pulumi up\` has deleted ${its} images, they can be restored from the Recycle Bin for ${recycleBinDays}` +
        ` ${recycleBinDays === 1 ? "day" : "days"} (\`recycleBinDays\`).`
      : `\`pulumi up\` deletes ${its} images for good: \`recycleBinDays\` is 0.`;
  const running =
    `If the last \`pulumi up\` was not green, the fleet may still run ${any}: bring it up first,` +
    " without this edit.";
  const twice =
    `If ${any} was current or previous at the last green \`pulumi up\`, its images are still protected. Then it takes` +
    " two: `pulumi up` with the version kept and neither current nor previous, and another one without it. Else" +
    " `pulumi up` refuses: a resource “cannot be deleted because it is protected”.";
  return [bin, running, ...(protect ? [twice] : [])];
}

/** Behind a new version nothing can be baked any more: what is the newest now must be there by then. */
function bakedBy({ bakes, versions, adopted }: Line): string[] {
  const newest = versions.at(-1);
  if (!bakes || newest === undefined || adopted.includes(newest)) return [];
  return [`${newest} must be there by now, by a green \`pulumi up\`: only the newest version is baked.`];
}

/** Keeps a version and, unless it is to be a candidate only, makes it current. The oldest beyond `keep` go. */
export function releasePlan(line: Line, version: string, isCandidate: boolean): Plan {
  const { name, current, keep } = line;
  const isKept = line.versions.includes(version);
  const newest = line.versions.at(-1);
  if (isKept && isCandidate) return same(line, `${name}: ${version} is kept already: nothing to do.`);
  if (isKept && version === current) return same(line, `${name}: ${version} is current already: nothing to do.`);
  if (isKept) return moved(line, version, `${name}: current moves from ${current} to ${version}.`);
  if (newest !== undefined && compareVersions(version, newest) < 0) {
    throw new Refusal(
      `${name}: ${version} comes before ${newest}, the newest kept: only a version after it can be new.`,
    );
  }
  const added = [...line.versions, version];
  const next = isCandidate ? current : version;
  const gone = keep === undefined ? [] : beyond(added, next, keep);
  const kept = added.filter((one) => !gone.includes(one));
  if (keep !== undefined && (gone.includes(current) || kept.length > keep)) throw tooMany(line, version, isCandidate);
  const { forgotten, says } = without(line, gone);
  const how = isCandidate
    ? `is added as a candidate; current stays ${current}.`
    : `is added and becomes current, instead of ${current}.`;
  const retired =
    gone.length === 0
      ? []
      : [`${name}: ${list(gone)} ${gone.length === 1 ? "is" : "are"} retired: \`keep\` is ${keep ?? ""}.`];
  const unbaked = bakedBy(line).filter(() => newest === undefined || !gone.includes(newest));
  return {
    ...{ versions: kept, current: next, forgotten },
    says: [`${name}: ${version} ${how}`, ...unbaked, ...retired, ...says],
  };
}

/** Neither what the fleet runs nor what it goes back to makes room. */
function tooMany({ name, versions, current, keep = 0 }: Line, version: string, isCandidate: boolean): Refusal {
  const { previous } = pointersOf(versions, current);
  const used = [current, ...(isCandidate ? [previous] : [])];
  const free = versions.filter((one) => !used.includes(one));
  const runs = isCandidate
    ? `is what the fleet runs${previous === undefined ? "" : `, and ${previous} is what a rollback goes to`}`
    : "is what the fleet runs until `pulumi up` has moved it";
  const fix = free.length > 0 ? `Retire one that is not needed (${free.join(", ")})` : "Raise `keep`";
  return new Refusal(
    `${name}: \`keep\` is ${keep}, and ${version} would be one too many: ${current} ${runs}. ${fix}, then try again.`,
  );
}

function moved({ versions }: Line, current: string, says: string): Plan {
  return { versions, current, forgotten: [], says: [says] };
}

/** Makes an older version current: the one before, when none is named. */
export function rollbackPlan(line: Line, named?: string): Plan {
  const { name, versions, current } = line;
  const version = named ?? pointersOf(versions, current).previous;
  if (version === undefined) {
    throw new Refusal(`${name}: there is no version before ${current} to roll back to; kept: ${versions.join(", ")}.`);
  }
  if (!versions.includes(version)) {
    throw new Refusal(`${name}: ${version} is not kept, so nothing can go back to it; kept: ${versions.join(", ")}.`);
  }
  if (version === current) return same(line, `${name}: ${version} is current already: nothing to do.`);
  const back = compareVersions(version, current) < 0 ? " back" : "";
  return moved(line, version, `${name}: current moves${back} from ${current} to ${version}.`);
}

/** Removes versions that nothing runs. */
export function retirePlan(line: Line, named: readonly string[]): Plan {
  const { name, versions, current } = line;
  const gone = [...new Set(named)];
  const unknown = gone.filter((version) => !versions.includes(version));
  if (unknown.length > 0) {
    throw new Refusal(
      `${name}: ${list(unknown)} ${unknown.length === 1 ? "is" : "are"} not kept; kept: ${versions.join(", ")}.`,
    );
  }
  if (gone.includes(current)) {
    throw new Refusal(
      `${name}: ${current} is current: the fleet runs it. Move current first (\`ami-lifecycle release\` or \`rollback\`),` +
        " run `pulumi up`, then retire it.",
    );
  }
  const kept = versions.filter((version) => !gone.includes(version));
  const ordered = versions.filter((version) => gone.includes(version));
  const { forgotten, says } = without(line, ordered);
  return {
    ...{ versions: kept, current, forgotten },
    says: [`${name}: ${list(ordered)} ${ordered.length === 1 ? "is" : "are"} retired.`, ...says],
  };
}

/** What a version is to its line. */
export type Role = "current" | "previous" | "candidate" | "newest" | "adopted";

export function rolesOf({ versions, current, adopted }: Line, version: string): Role[] {
  const { previous, candidate } = pointersOf(versions, current);
  const roles: [Role, boolean][] = [
    ["current", version === current],
    ["previous", version === previous],
    ["candidate", version === candidate && candidate !== current],
    ["newest", version === versions.at(-1)],
    ["adopted", adopted.includes(version)],
  ];
  return roles.filter(([, has]) => has).map(([role]) => role);
}
