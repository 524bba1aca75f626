import { wrap } from "../../simulation/text";
import { bullet, WIDTH } from "../bullets";
import { minutes, type Report, spoken } from "./report";

const INDENT = 10;
/** As wide as `59 min 59 s`, and a gap. */
const SPOKEN = 13;

/** A line of the report, its further lines below its text. */
const row = (name: string, text: string): string[] =>
  wrap(text, WIDTH - INDENT).map((line, at) => `${(at === 0 ? name : "").padEnd(INDENT)}${line.trimEnd()}`);

const met = (is: boolean): string => (is ? "met" : "MISSED");

/** The report for people. */
export function textOf(report: Report): string {
  const { line, stack, region, strategy, home, version, imageId, rpo, instance, seconds, problems, removedEverything } =
    report;
  const title = `Drill of ${line} in stack ${stack}, ${region} (${strategy}, stands in for ${home}): ${report.passed ? "passed" : "FAILED"}`;
  const made = rpo.imageMadeAt === null ? "" : `, made ${rpo.imageMadeAt.replace(/\.\d+/, "")}`;
  const subnet = instance?.subnetId ? ` in ${instance.subnetId}` : "";
  const what = report.proof === "status-checks" ? "EC2's status checks (the image has none of ours)" : "its checks";
  const steps: [string, number | null, string][] = [
    ["launch", seconds.launch, "until EC2 took the launch"],
    ["boot", seconds.boot, "until it ran"],
    ["checks", seconds.checks, `until it had passed ${what}`],
    ["health", seconds.health, "not measured: the load balancer's own looks"],
  ];
  return [
    ...wrap(title, WIDTH),
    "",
    ...row("started", report.startedAt.replace(/\.\d+/, "")),
    ...row("image", `${version ?? "no version"}, ${imageId}${made}`),
    ...row("instance", instance ? `${instance.id}${subnet}` : "none"),
    ...steps.map(
      ([name, took, text]) => `${name.padEnd(INDENT)}${took === null ? "–" : spoken(took).padEnd(SPOKEN) + text}`,
    ),
    ...row("removed", removedEverything ? "everything" : `NOT ${report.left.join(", ")}`),
    "",
    ...row("RTO", rto(report)),
    ...row("RPO", age(report)),
    ...row("copies", copies(report)),
    ...row("keys", keys(report)),
    "",
    ...wrap(`The RTO is an estimate: ${report.rto.assumption}`, WIDTH),
    ...(problems.length === 0
      ? []
      : ["", `Problems: ${problems.length}`, ...problems.flatMap((one) => bullet(one.message))]),
    "",
  ].join("\n");
}

function rto({ rto: { estimateSeconds, targetMinutes, met: is } }: Report): string {
  const target = `the target is ${minutes(targetMinutes)}`;
  return estimateSeconds === null ? `not known; ${target}` : `${spoken(estimateSeconds)}; ${target}: ${met(is)}`;
}

function age({ rpo: { ageMinutes, targetMinutes, met: is } }: Report): string {
  const target = `the target is ${minutes(targetMinutes)}`;
  return ageMinutes === null
    ? `not known; ${target}`
    : `the image is ${minutes(ageMinutes)} old; ${target}: ${met(is)}`;
}

function copies({ copies: { checked, missing } }: Report): string {
  if (checked === 0) return "no version has a parameter here";
  return `${checked - missing.length} of ${checked} versions that have a parameter here are available and verified`;
}

function keys({ keys: { encrypted, ids, usable } }: Report): string {
  if (!encrypted) return "the image is not encrypted";
  const named = ids.length === 0 ? "" : `: ${ids.join(", ")}`;
  if (usable === null) return `not known, no instance ran${named}`;
  return `${usable ? "usable: an instance ran" : "NOT usable"}${named}`;
}
