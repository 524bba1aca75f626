import { isUnbooted } from "../../components/internal/tags";
import { driftOf } from "./drift";
import { type Answer, hasAnswered, type ImageFact } from "./facts";
import { inOrder, type Live, type Pointer, POINTERS } from "./records";
import type { Drift } from "./sentences";
import { View } from "./view";

/** What `--json` prints. Fields are added, never changed or taken away, while `version` stays the same. */
export interface Report {
  version: 1;
  line: string;
  stack: string;
  account: string | null;
  regions: { region: string; home: boolean; answered: boolean; error: string | null }[];
  /** Oldest first. */
  versions: { version: string; images: ImageReport[] }[];
  pointers: ({ region: string } & { [of in Pointer]: { version: string | null; imageId: string } | null })[];
  fleets: FleetReport[];
  /** The recovery regions, by their records. */
  recovery: RecoveryReport[];
  /** Instances of the line's images that are in none of those groups. */
  instances: OtherReport[];
  drift: Drift[];
}

export interface ImageReport {
  region: string;
  imageId: string;
  name: string | null;
  /** AWS's, or `gone` where a parameter names one that does not exist. */
  state: string;
  /** `unbooted`: only its state was looked at. */
  verified: "yes" | "no" | "unbooted";
  source: string | null;
  deprecationTime: string | null;
  pointers: Pointer[];
  /** How many instances run it. */
  instances: number;
}

export interface FleetReport {
  region: string;
  /** The Auto Scaling group. */
  group: string;
  /** False where `live` names one that does not exist. */
  exists: boolean;
  live: { version: string | null; imageId: string; launchTemplateId: string; launchTemplateVersion: string } | null;
  /** What it is proven to be ready to run, where nothing runs yet. */
  staged: FleetReport["live"];
  launchTemplate: { id: string; version: string } | null;
  desiredCapacity: number;
  runs: {
    version: string | null;
    imageId: string;
    instances: number;
    inService: number;
    healthy: number;
    warmPool: number;
  }[];
  refresh: {
    id: string;
    status: string;
    percentageComplete: number;
    instancesToUpdate: number;
    startTime: string | null;
  } | null;
}

export interface RecoveryReport {
  region: string;
  strategy: string;
  /** The region it stands in for. */
  home: string;
  version: string | null;
  imageId: string;
  /** None with `backup-restore`. */
  group: string | null;
  /** Minutes: within which it must serve, and that its image may be old. */
  rtoMinutes: number;
  rpoMinutes: number;
}

export interface OtherReport {
  region: string;
  instanceId: string;
  name: string | null;
  state: string;
  version: string | null;
  imageId: string;
  /** Whether a gate has launched it to prove an image. */
  proof: boolean;
}

export interface Subject {
  line: string;
  stack: string;
  /** The home region, where it is known. */
  home?: string;
}

/** What the answers of all regions make together. */
export function reportOf({ line, stack, home }: Subject, answers: readonly Answer[]): Report {
  const views = answers.filter(hasAnswered).map((facts) => new View(facts));
  const versions = [...new Set(views.flatMap((view) => view.versions))].sort(inOrder);
  return {
    version: 1,
    line,
    stack,
    account: views.map(({ facts }) => facts.account).find((one) => one !== undefined) ?? null,
    regions: answers.map((answer) => ({
      region: answer.region,
      home: answer.region === home,
      answered: hasAnswered(answer),
      error: hasAnswered(answer) ? null : answer.error,
    })),
    versions: versions.map((version) => ({
      version,
      images: views.flatMap((view) => view.imagesOf(version).map((id) => imageReport(view, id))),
    })),
    pointers: views.map((view) => ({
      region: view.region,
      ...(Object.fromEntries(POINTERS.map((of) => [of, pointerReport(view, of)])) as {
        [of in Pointer]: ReturnType<typeof pointerReport>;
      }),
    })),
    fleets: views.flatMap(fleetReports),
    recovery: views.flatMap(recoveryReports),
    instances: views.flatMap(otherReports),
    drift: driftOf(views, line, stack),
  };
}

function pointerReport(view: View, of: Pointer): { version: string | null; imageId: string } | null {
  const imageId = view.pointer(of);
  return imageId === undefined ? null : { version: view.versionOf(imageId) ?? null, imageId };
}

const verifiedOf = (image: ImageFact | undefined): ImageReport["verified"] =>
  image?.verified === undefined ? "no" : isUnbooted(image.verified) ? "unbooted" : "yes";

function imageReport(view: View, id: string): ImageReport {
  const image = view.image(id);
  return {
    region: view.region,
    imageId: id,
    name: image?.name ?? null,
    state: image?.state ?? "gone",
    verified: verifiedOf(image),
    source: image?.source ?? null,
    deprecationTime: image?.deprecationTime ?? null,
    pointers: view.pointersTo(id),
    instances: view.running(id),
  };
}

function recoveryReports({ region, recovery }: View): RecoveryReport[] {
  if (!recovery) return [];
  const { strategy, home, version, imageId, groupName, rtoMinutes, rpoMinutes } = recovery;
  const of = { region, strategy, home, version: version ?? null, imageId, group: groupName ?? null };
  return [{ ...of, rtoMinutes, rpoMinutes }];
}

const liveReport = ({ version, imageId, template }: Live): FleetReport["live"] => ({
  version: version ?? null,
  imageId,
  launchTemplateId: template.id,
  launchTemplateVersion: template.version,
});

/** What the fleet's record says of a group: one of the two, or nothing. */
const recordReport = ({ live, staged }: View, group: string): Pick<FleetReport, "live" | "staged"> => ({
  live: live?.group === group ? liveReport(live) : null,
  staged: staged?.group === group ? liveReport(staged) : null,
});

/** The fleet first, also where its group is gone; then other groups that run images of the line. */
function fleetReports(view: View): FleetReport[] {
  const { region, record, facts } = view;
  const groups = [...facts.groups].sort((a, b) => Number(b.name === record?.group) - Number(a.name === record?.group));
  const reports = groups.map(({ name, desired, template, refresh, ...group }): FleetReport => ({
    region,
    group: name,
    exists: true,
    ...recordReport(view, name),
    launchTemplate: template ? { id: template.id, version: template.version } : null,
    desiredCapacity: desired,
    runs: view
      .runs({ name, desired, template, ...group })
      .map((run) => ({ version: view.versionOf(run.imageId) ?? null, ...run })),
    refresh: refresh
      ? {
          id: refresh.id,
          status: refresh.status,
          percentageComplete: refresh.percentage,
          instancesToUpdate: refresh.toUpdate,
          startTime: refresh.startTime ?? null,
        }
      : null,
  }));
  if (!record || view.group) return reports;
  const gone = { region, group: record.group, exists: false, ...recordReport(view, record.group) };
  return [{ ...gone, launchTemplate: null, desiredCapacity: 0, runs: [], refresh: null }, ...reports];
}

function otherReports(view: View): OtherReport[] {
  const groups = new Set(view.facts.groups.map(({ name }) => name));
  const members = new Set(view.facts.groups.flatMap((group) => group.members.map(({ id }) => id)));
  return view.facts.instances
    .filter(({ id, group }) => !members.has(id) && (group === undefined || !groups.has(group)))
    .map(({ id, name, state, imageId, isProof }) => ({
      region: view.region,
      instanceId: id,
      name: name ?? null,
      state,
      version: view.versionOf(imageId) ?? null,
      imageId,
      proof: isProof,
    }));
}
