import type { RecoveryStrategy } from "../../components/internal/recoveryRecord";
import { assumptionOf } from "./assumption";
import { type Facts, type ImageFact } from "./facts";
import type { Measured } from "./launch";
import { flawOf, type Problem, problemsAfter, problemsBefore } from "./problems";
import type { DrillRequest } from "./request";

/** What `--json` and `--out` write. Fields are added, never changed or taken away, while `format` stays the same. */
export interface Report {
  format: 1;
  region: string;
  line: string;
  stack: string;
  account: string | null;
  strategy: RecoveryStrategy;
  /** The region that this one stands in for. It was not asked. */
  home: string;
  version: string | null;
  imageId: string;
  /** ISO 8601, UTC. */
  startedAt: string;
  /** Whether every check passed and every target is met. */
  passed: boolean;
  /** What the instance had to pass: the checks baked into the image, or EC2's status checks where it has none. */
  proof: "checks" | "status-checks" | null;
  instance: { id: string; subnetId: string | null } | null;
  seconds: {
    /** Until EC2 had taken the launch, from there until the instance ran, and until its checks had passed. */
    launch: number | null;
    boot: number | null;
    checks: number | null;
    /** Not measured: the most that the load balancer looks at a new instance for. */
    health: number;
    remove: number | null;
  };
  rto: { estimateSeconds: number | null; targetMinutes: number; met: boolean; assumption: string };
  rpo: { imageMadeAt: string | null; ageMinutes: number | null; targetMinutes: number; met: boolean };
  copies: { checked: number; missing: { version: string; imageId: string; why: string }[] };
  /** Of the image's snapshots. The launch proves `usable`; null where they are not encrypted, or it did not come so far. */
  keys: { encrypted: boolean; ids: string[]; usable: boolean | null };
  removedEverything: boolean;
  left: string[];
  problems: Problem[];
}

export interface Outcome {
  request: DrillRequest;
  facts: Facts;
  /** Undefined where nothing could be launched. */
  measured?: Measured;
  /** When the drill began. */
  startedAt: Date;
}

/** What came of a drill. Seconds are whole; targets are compared before anything is rounded. */
export function reportOf({ request, facts, measured, startedAt }: Outcome): Report {
  const { region, line, stack } = request;
  const { record, image, copies, health } = facts;
  const {
    instanceId = null,
    launchedMs = null,
    runningMs = null,
    passedMs = null,
    endedMs = null,
    removedMs = null,
  } = measured ?? {};
  const estimateMs = passedMs === null ? null : passedMs + health.seconds * 1000;
  const ageMs = image?.createdAt === undefined ? null : Math.max(0, startedAt.getTime() - Date.parse(image.createdAt));
  const rto = estimateMs !== null && estimateMs <= record.rtoMinutes * 60_000;
  const rpo = ageMs !== null && ageMs <= record.rpoMinutes * 60_000;
  const missed: Problem[] = [];
  if (estimateMs !== null && !rto) {
    const text = `It would serve after ${spoken(seconds(0, estimateMs) ?? 0)}; the target is ${minutes(record.rtoMinutes)}.`;
    missed.push({ kind: "rto-missed", message: text });
  }
  if (ageMs !== null && !rpo) {
    const text = `The image is ${minutes(Math.ceil(ageMs / 60_000))} old; the target is ${minutes(record.rpoMinutes)}.`;
    missed.push({ kind: "rpo-missed", message: text });
  }
  const after = measured ? problemsAfter(measured, region) : [];
  const problems = [...problemsBefore(facts, region), ...after, ...missed];
  return {
    format: 1,
    region,
    line,
    stack,
    account: facts.account,
    strategy: record.strategy,
    home: record.home,
    version: record.version ?? null,
    imageId: record.imageId,
    startedAt: startedAt.toISOString(),
    passed: problems.length === 0,
    proof: !image ? null : image.digest === undefined ? "status-checks" : "checks",
    instance: instanceId === null ? null : { id: instanceId, subnetId: measured?.subnetId ?? null },
    seconds: {
      launch: seconds(0, launchedMs),
      boot: seconds(launchedMs, runningMs),
      checks: seconds(runningMs, passedMs),
      health: health.seconds,
      remove: instanceId === null ? null : seconds(endedMs, removedMs),
    },
    rto: {
      estimateSeconds: seconds(0, estimateMs),
      targetMinutes: record.rtoMinutes,
      met: rto,
      assumption: assumptionOf(facts),
    },
    rpo: {
      imageMadeAt: image?.createdAt ?? null,
      ageMinutes: ageMs === null ? null : Math.ceil(ageMs / 60_000),
      targetMinutes: record.rpoMinutes,
      met: rpo,
    },
    copies: {
      checked: copies.length,
      missing: copies.flatMap(({ version, imageId, state, proof }) => {
        const why = flawOf(state, proof);
        return why === undefined ? [] : [{ version, imageId, why }];
      }),
    },
    keys: { encrypted: image?.isEncrypted ?? false, ids: facts.keys, usable: usable(image, measured) },
    removedEverything: measured === undefined || measured.left.length === 0,
    left: measured?.left ?? [],
    problems,
  };
}

/** An encrypted volume is attached before an instance runs: EC2 could use its key. */
function usable(image: ImageFact | undefined, measured: Measured | undefined): boolean | null {
  if (!image?.isEncrypted) return null;
  if (measured?.failure?.kind === "key-unusable") return false;
  return measured && measured.runningMs !== null ? true : null;
}

const seconds = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.round((to - from) / 1000);

export const minutes = (count: number): string => (count === 1 ? "1 minute" : `${count} minutes`);

/** Seconds for people: `45 s`, `3 min 5 s`. */
export function spoken(whole: number): string {
  const [min, rest] = [Math.floor(whole / 60), whole % 60];
  return [...(min > 0 ? [`${min} min`] : []), ...(min === 0 || rest > 0 ? [`${rest} s`] : [])].join(" ");
}
