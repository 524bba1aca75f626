import { calledAs, INSTALLED } from "../../command";
import { itemLines } from "../../failure/report";
import type { Section } from "../../report";
import { count } from "../../summary";
import type { RecordedResource, Simulation } from "../../types";
import { group, items, type Outcome, scenarioReport, urnsOf } from "../outcome";
import { type BadVersion, type FleetEnd, isTemplate } from "./index";

const failing = ({ fleets }: BadVersion): FleetEnd[] => fleets.filter(({ end }) => end === "fails");
const named = ({ name, version }: BadVersion): string => version ?? `the new version of ${name}`;

/** `prod: 1.0.0 does not become healthy in web: 4 resources made, 1 changed, 10 keep what they say`. */
export function badVersionSentence(bad: BadVersion, stack: string): string {
  const where = failing(bad).map(({ name }) => name);
  const counts = `${count(bad.made.length, "resource")} made, ${bad.changed.length} changed, ${bad.kept.length} keep what they say`;
  return `${stack}: ${named(bad)} does not become healthy in ${where.join(" and ")}: ${counts}`;
}

/** What the gate does, and what it says in the end. */
function gateLines({ name, ending, limitMinutes, group: asg }: FleetEnd): string[] {
  const health =
    asg?.inputs.healthCheckType === "ELB"
      ? "its load balancer's health checks, an alarm, or EC2 itself find its instances bad"
      : "EC2's status checks find its instances bad (without a load balancer nobody asks the application)";
  const refresh = `rolloutFinished moves ${name} by an instance refresh; ${health}.`;
  if (ending === "goes back") {
    return [
      refresh,
      `AWS tries for an hour, and the refresh ends as failed, within the limit of ${limitMinutes} minutes. Group and instances are moved back to what was proven.`,
      "It ends with: `live`, the group and every instance in service say the version before, as before.",
    ];
  }
  if (ending === "stays") {
    return [
      refresh,
      "`autoRollback` is off, so nothing is moved back.",
      "It ends with: `live` was not written; the group keeps the template it has now.",
    ];
  }
  return [
    refresh,
    `AWS tries for an hour, and the limit is ${limitMinutes} minutes: the gate ends first, and the refresh goes on.`,
    "It ends with: The instance refresh is still under way; `live` still names the version before.",
  ];
}

const FLEET_ENDS: { [end in FleetEnd["end"]]: string } = {
  fails: "fails at rolloutFinished",
  serves: "runs it already, proven: it came before",
  untouched: "untouched: its turn never comes",
  either: "independent: it may be rolling out too, and fail the same way",
};

const fleetItem = ({ name, region, staged, end }: FleetEnd): string =>
  `${name}${region === undefined ? "" : ` (${region}${staged ? ", staged" : ""})`}: ${FLEET_ENDS[end]}`;

/** What is left in AWS and in the state. */
function leftItems(bad: BadVersion): string[] {
  const { made, changed, kept, either, likely } = bad;
  const templates = changed.filter(isTemplate).map(({ name }) => name);
  const one = named(bad);
  return [
    ...(made.length > 0 ? [`${one} is made and proven, and stays: an image is never made anew`] : []),
    ...(templates.length > 0
      ? [`${templates.join(" and ")} has a new version, which no instance in service runs after the way back`]
      : []),
    ...(either.length > 0
      ? [
          `${count(either.length, "more resource")} of ${one} ${either.length === 1 ? "does" : "do"} not wait for the gate; ${likely.size === either.length ? "all" : likely.size} of these come before it, and are made or changed by then (\`candidate\`, where there is one, names ${one})`,
        ]
      : []),
    `${count(kept.length, "resource")} keep what they say, \`live\` and \`current\` among them where there are any`,
    "what would be deleted (a retired version) is not: deletions come last, and not after a failure",
  ];
}

/** The template is still the failing group's where nothing has moved it back. */
const leftOf = (bad: BadVersion): string[] =>
  failing(bad).every(({ ending }) => ending === "goes back")
    ? leftItems(bad)
    : leftItems(bad).map((item) => item.replace(", which no instance in service runs after the way back", ""));

/** What the next `pulumi up` does, by what is done before it. */
function nextOf(bad: BadVersion, stack: string, command: string): { config: string; does: string[] }[] {
  const fails = failing(bad);
  const goesOn = fails.some(({ ending }) => ending === "goes on");
  const stays = fails.some(({ ending }) => ending === "stays");
  const { bakes, before } = bad;
  const one = named(bad);
  return [
    {
      config: "unchanged",
      does: [
        goesOn
          ? "rolloutFinished joins the instance refresh that is under way, and ends as that does"
          : `rolloutFinished moves the group to ${one} once more, and ends the same way unless the cause was not in the image`,
        "nothing is made anew, and what comes after the gate waits",
      ],
    },
    {
      config: "`current` set back",
      does: [
        ...(before === undefined
          ? [`first put a version before ${one} back into \`versions\`: the program keeps none`]
          : []),
        goesOn
          ? "rolloutFinished refuses while that refresh is under way: wait, or end it by the command that it prints"
          : stays
            ? "the template gets one more version, and an instance refresh moves the group back to it"
            : "the template gets one more version, equal to the proven one: no instance is replaced, and `live` names it",
        "the rest follows, green: no pointer has to move back",
        `the image of ${one} stays, and \`candidate\` names it until another version is proven`,
        ...(before === undefined ? [] : [`to ${before}:`, `  ${command} rollback ${before} --stack ${stack}`]),
      ],
    },
    {
      config: "a mended version, appended to `versions` and made `current`",
      does: [
        bakes
          ? "it is baked, proven and copied under its own number; the images of the bad one are left alone"
          : "it must be proven in the stack that it is promoted from first; then it is copied and proven here",
        goesOn
          ? "rolloutFinished refuses while the refresh to the bad one is under way"
          : `the group is moved from ${stays ? "the bad version" : "what was proven"} to it, and what waited follows`,
        `${one} itself is never baked again: take it out of \`versions\` when nobody needs its image`,
      ],
    },
  ];
}

const TAKEN =
  "Taken: the stack was green with an earlier version, and this run rolls out a new one. In the first run of a stack" +
  " nothing is proven to go back to: --fail shows that one.";

export function badVersionOutcome(bad: BadVersion, simulation: Simulation): Outcome {
  const { stack } = simulation;
  const { made, changed, either, likely, kept, fleets, name, version, before, advice } = bad;
  const sentence = badVersionSentence(bad, stack);
  const isLikely = ({ urn, kind }: RecordedResource): string[] => [
    ...(likely.has(urn) ? ["comes before the gate"] : []),
    ...(kind === "remote" ? ["children not visible"] : []),
  ];
  const template = (one: RecordedResource) => (isTemplate(one) ? ["a new version of it"] : []);
  return {
    report: (paint) => {
      const sections: Section[] = [
        ["What the gate does", items([...failing(bad).flatMap(gateLines), TAKEN])],
        ["`pulumi up`", items(["fails: its exit status is not 0, and the gate's message is its error"])],
        ["Fleets", items(fleets.map(fleetItem))],
        ["What is left", items(leftOf(bad))],
        ["What the gate says to do", items([...new Set(advice)])],
        [
          "The next `pulumi up`",
          nextOf(bad, stack, calledAs()).flatMap(({ config, does }) => [
            `  with ${config === "unchanged" ? "the config unchanged" : config}:`,
            ...itemLines(does, "    "),
          ]),
        ],
        group("Made before the gate", made, paint),
        group("Changed before the gate", changed, paint, { notes: template }),
        group("Made or changed, independent of the gate", either, paint, { notes: isLikely }),
        group("Keep what they say, or are not made yet", kept, paint),
      ];
      return scenarioReport(simulation, sentence, "red", sections, paint);
    },
    data: () => ({
      ...{ scenario: "bad-version", name, version, sentence, upFails: true },
      fleets: fleets.map(({ name: fleet, region, record, staged, end, ending, autoRollback, limitMinutes }) => ({
        ...{ name: fleet, region, record: record.urn, staged, end, ending, autoRollback, limitMinutes },
      })),
      ...{ made: urnsOf(made), changed: urnsOf(changed), either: urnsOf(either), likely: [...likely].sort() },
      ...{ kept: urnsOf(kept), before, left: leftOf(bad) },
      // The same bytes, whatever it is called by.
      next: nextOf(bad, stack, INSTALLED),
    }),
    table: () => ({
      head: ["fleet", "region", "end"],
      rows: fleets.map((fleet) => [fleet.name, fleet.region ?? "", FLEET_ENDS[fleet.end]]),
    }),
  };
}
