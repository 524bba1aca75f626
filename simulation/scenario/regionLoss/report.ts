import { RECOVERY } from "../../../components/internal/recoveryTable";
import { type Report, type Section, WIDTH } from "../../report";
import { count } from "../../summary";
import { clock, lastPart, type Style, wrap } from "../../text";
import { assumptionLines, assumptionsIn } from "../../time/assumptionLines";
import type { RecordedResource, Simulation } from "../../types";
import { knownText } from "../../wire";
import { calledAs } from "../../command";
import { group, items, type Outcome, scenarioReport, urnsOf, usesComponents } from "../outcome";
import type { Recovery, RegionLoss } from "./index";
import type { Plan } from "./plans";
import { isProvider, made } from "./resources";
import type { Copies } from "./images";

/** Said of every stack: no tool for images and fleets can know better. */
const NOT_REPLICATED =
  "What your application writes: databases, files on instances and volumes, buckets, queues, secrets. An image holds" +
  " what was baked, and nothing here copies anything else to another region.";

const CONTROL_PLANES =
  "IAM and Route 53 go on answering, but take no changes while us-east-1 is lost: their control planes are there" +
  " (AWS Fault Isolation Boundaries). Failing over changes nothing of them.";

/** `prod loses us-east-1: 29 resources are lost, 28 stay, 4 are of no region`. */
export function lossSentence({ region, lost, stays, global }: RegionLoss, stack: string): string {
  const [gone, left, other] = [lost, stays, global].map((group) => made(group).length) as [number, number, number];
  const is = (number: number) => (number === 1 ? "is" : "are");
  return `${stack} loses ${region}: ${count(gone, "resource")} ${is(gone)} lost, ${left} stay${left === 1 ? "s" : ""}, ${other} ${is(other)} of no region`;
}

function recoverySentences({ name, region, strategy, active, full, waiting }: Recovery): string[] {
  const size = active ? full.minSize : waiting[strategy];
  if (active) return [`${region} (${name}) serves already, with ${count(size, "instance")} at the least.`];
  if (strategy === "backup-restore") {
    return [
      `${region} (${name}, backup-restore) has the image and a template. \`pulumi up\` with ami-lifecycle:activeRegion: ${region} makes the rest: docs/guides/recovery.md`,
    ];
  }
  const part = size === 0 ? "without instances" : `with ${size} of ${count(full.minSize, "instance")}`;
  if (size >= full.minSize) return [`${region} (${name}, ${strategy}) serves all the time, in full size.`];
  return [`${region} (${name}, ${strategy}) stands by ${part}. To have it serve:`];
}

const command = ({ region, line }: Recovery, stack: string): string =>
  `    ${calledAs()} failover --to ${region} --stack ${stack} --line ${line}`;

function servingLines(loss: RegionLoss, simulation: Simulation): string[] {
  const { region, recoveries, serving, stoodInFor } = loss;
  const lines = recoveries.flatMap((recovery) => {
    const needsCommand =
      !recovery.active &&
      recovery.strategy !== "backup-restore" &&
      recovery.waiting[recovery.strategy] < recovery.full.minSize;
    return [...items(recoverySentences(recovery)), ...(needsCommand ? [command(recovery, simulation.stack)] : [])];
  });
  for (const other of serving) lines.push(...items([`${other} has a fleet of its own, which goes on serving.`]));
  for (const home of stoodInFor) {
    lines.push(
      ...items([
        `${region} stands in for ${home}, which goes on serving. Until it is back, or another region` +
          ` is named in \`recovery\`, nothing stands in for ${home}.`,
      ]),
    );
  }
  const none = usesComponents(simulation)
    ? "Nothing serves: no other region has a fleet or a recovery region for it."
    : "No other region has an Auto Scaling group with instances.";
  return lines.length > 0 ? lines : items([none]);
}

function copyLine({ image, elsewhere, copiedFrom, isVersion }: Copies, region: string): string {
  if (elsewhere.length > 0) return `${image} stays in ${elsewhere.join(", ")}`;
  if (copiedFrom !== undefined && copiedFrom !== region) {
    return `${image} is lost. What it is a copy of is in ${copiedFrom}, and not this program's`;
  }
  const advice = isVersion ? "Name another region in copyTo" : "Copy it to another region (aws.ec2.AmiCopy)";
  return `${image} is nowhere else: it is lost. ${advice}`;
}

function table({ plans, strategy, rtoMinutes }: Recovery): string[] {
  const rows = plans.map(({ strategy: one, first, full }) => {
    const own = one === strategy;
    const target = own ? rtoMinutes : RECOVERY[one].rtoMinutes;
    const verdict = full > target * 60 ? "  missed" : "";
    const cells = [first, full, target * 60].map((seconds) => clock(seconds).padStart(12));
    return `  ${own ? "*" : " "} ${one.padEnd(16)}${cells.join("")}${verdict}`;
  });
  const heads = ["first answer", "full size", "target"].map((head) => head.padStart(12));
  return [`    ${"".padEnd(16)}${heads.join("")}`, ...rows];
}

function stepLines({ strategy, steps }: Plan): string[] {
  if (steps.length === 0) return [`  ${strategy}`, "    nothing: clients that ask this region have their answer"];
  return [
    `  ${strategy}`,
    ...steps.flatMap(({ start, end, what, from }) => {
      const head = `    ${clock(start).padStart(5)} – ${clock(end).padStart(5)}  `;
      return wrap(`${what}  (${from})`, WIDTH - head.length).map(
        (line, at) => (at === 0 ? head : " ".repeat(head.length)) + line,
      );
    }),
  ];
}

function assumed({ recoveries, seconds }: RegionLoss): string[] {
  const used = recoveries.flatMap(({ plans }) => plans.flatMap(({ steps }) => steps.map(({ from }) => from)));
  const lines = assumptionLines(assumptionsIn(used), seconds);
  if (lines.length === 0) return [];
  const rest = [
    "Until somebody decides is not in it.",
    "Capacity is taken to be there, for all instances at once. Your own figures: `ami-lifecycle drill`.",
    recoveries.every(({ hasName }) => hasName)
      ? "With backup-restore no record can name the load balancer beforehand: how clients get there is not in it."
      : "No name of Route 53 leads there: how clients get there is not in it.",
  ];
  return [...lines, ...items(rest)];
}

/** A provider stands under "of no region": the one that it asks is a remark. */
const placeless = (one: RecordedResource): RecordedResource => {
  const { region, ...rest } = one;
  return region !== undefined && isProvider(one) ? rest : one;
};

function providerNotes(one: RecordedResource): string[] {
  const region = isProvider(one) ? knownText(one.inputs.region) : undefined;
  return region === undefined ? [] : [`asks ${region}`];
}

/** What the loss of a region does, for people. */
function regionLossReport(loss: RegionLoss, simulation: Simulation, paint: Style): Report {
  const { stack } = simulation;
  const { region, recoveries, data } = loss;
  const part = (title: string, resources: readonly RecordedResource[], notes = (_: RecordedResource): string[] => []) =>
    group(title, resources, paint, { notes, number: made(resources).length });
  const held = data.map(({ name, type }) => `${name} (${lastPart(type)}) is lost with what is in it.`);
  const sections: Section[] = [
    ["What serves", servingLines(loss, simulation)],
    ["Images", items(loss.copies.map((one) => copyLine(one, region)))],
    ...recoveries
      .filter(({ plans }) => plans.length > 0)
      .flatMap((recovery): Section[] => [
        [
          `From the decision on, in minutes:seconds, ${recovery.region} for ${region} (* its strategy)`,
          table(recovery),
        ],
        [`Steps in ${recovery.region}`, recovery.plans.flatMap(stepLines)],
      ]),
    ["Assumed (--assume NAME=SECONDS changes one)", assumed(loss)],
    ["Not replicated", items([NOT_REPLICATED, ...held])],
    ["The next `pulumi up`", nextUp(loss, usesComponents(simulation))],
    part("Lost", loss.lost),
    part("Stays", loss.stays),
    part("Of no region", loss.global.map(placeless), providerNotes),
  ];
  return scenarioReport(simulation, lossSentence(loss, stack), "red", sections, paint);
}

function nextUp({ region }: RegionLoss, hasGuide: boolean): string[] {
  const asks = `It asks ${region} too, and fails while that region answers nothing.`;
  const guide = "How to change what is elsewhere, with ami-lifecycle:lostRegion: docs/guides/region-lost.md";
  return items([hasGuide ? `${asks} ${guide}` : asks, ...(region === "us-east-1" ? [CONTROL_PLANES] : [])]);
}

/** The loss as data; the names of the fields are documented. */
function regionLossData(loss: RegionLoss): object {
  const urns = (resources: readonly RecordedResource[]) => urnsOf(made(resources));
  const { region, recoveries, serving, stoodInFor, copies, data, seconds } = loss;
  return {
    scenario: "region-loss",
    region,
    ...{ lost: urns(loss.lost), stays: urns(loss.stays), global: urns(loss.global) },
    serving,
    stoodInFor,
    images: copies.map(({ image, elsewhere, copiedFrom }) => ({ image, elsewhere, copiedFrom })),
    recoveries: recoveries.map(({ name, line, region: at, strategy, active, rtoMinutes, hasName, plans }) => ({
      ...{ name, line, region: at, strategy, active, rtoMinutes, hasName },
      plans: plans.map(({ strategy: one, first, full, steps }) => ({
        strategy: one,
        firstSeconds: first,
        fullSeconds: full,
        steps: steps.map(({ start, end, what, from }) => ({ startSeconds: start, endSeconds: end, what, from })),
      })),
    })),
    assumedSeconds: seconds,
    notReplicated: urns(data),
  };
}

export const regionLossOutcome = (loss: RegionLoss, simulation: Simulation): Outcome => ({
  report: (paint) => regionLossReport(loss, simulation, paint),
  data: () => regionLossData(loss),
  table: () => ({
    head: ["what", "resources"],
    rows: (["lost", "stays", "global"] as const).map((name) => [
      name === "global" ? "of no region" : name,
      String(made(loss[name]).length),
    ]),
  }),
});
