import { BUSY_NEXT, BUSY_STATE, COPIES_AT_ONCE } from "../../../components/internal/startTries";
import type { Section } from "../../report";
import { count } from "../../summary";
import { lastPart } from "../../text";
import type { Simulation } from "../../types";
import { group, items, type Outcome, scenarioReport, urnsOf } from "../outcome";
import type { AtOnce, Copy, CopyLimit } from "./index";

const AWS_SAYS = "ResourceLimitExceeded";

const hours = (seconds: number): string => (seconds / 3600).toFixed(1);

const snapshotsOf = ({ snapshots, isKnown }: Omit<AtOnce, "step">): string =>
  `${isKnown ? "" : "at least "}${count(snapshots, "snapshot")}`;

/** `prod copies 1 image to us-west-2 at once, at least 1 snapshot: the limit of 20 is not passed`. */
export function copyLimitSentence(limit: CopyLimit, stack: string): string {
  const { most } = limit;
  const images = count(most.copies.length, "image");
  return `${stack} copies ${images} to ${limit.region} at once, ${snapshotsOf(most)}: the limit of ${COPIES_AT_ONCE} is ${most.passes ? "" : "not "}passed`;
}

const copiesOf = ({ steps }: CopyLimit): Copy[] => steps.flatMap(({ copies }) => copies);

const namesOf = (copies: readonly Copy[]): string => copies.map(({ resource }) => resource.name).join(", ");

/** The hook has hours, in which all else is made; without it the first refusal ends the run. */
const waits = (limit: CopyLimit): boolean => copiesOf(limit).every(({ retries }) => retries);

function stepItem(one: AtOnce): string {
  const over = one.copies.every(({ retries }) => retries) ? "wait until others are done" : "too many";
  const passed = one.passes ? `; ${one.snapshots - COPIES_AT_ONCE} ${over}` : "";
  return `step ${one.step}: ${count(one.copies.length, "copy", "copies")}, ${snapshotsOf(one)}${passed}`;
}

function overlapItems({ steps, most }: CopyLimit): string[] {
  if (steps.some(({ snapshots }) => snapshots === most.snapshots)) return [];
  const sum = `${count(most.copies.length, "copy", "copies")}, ${snapshotsOf(most)}`;
  return [`steps overlap, for a copy takes minutes: ${sum} can be under way together`];
}

function refusedItems(limit: CopyLimit): string[] {
  const { tries } = limit;
  const copies = copiesOf(limit);
  const alone = copies.filter(({ retries, otherHooks }) => !retries && otherHooks.length === 0);
  const some = alone.length < copies.length ? `Without an error hook (${namesOf(alone)})` : "Without an error hook";
  return [
    `CopyImage answers ${AWS_SAYS}: nothing was made.`,
    ...(copies.some(({ retries }) => retries)
      ? [
          "The error hook startRetry has the call made again, 15 seconds later at most, then after twice as long, up to 10 minutes.",
          `It gives up after ${tries.most} tries: ${hours(tries.shortestSeconds)} to ${hours(tries.longestSeconds)} hours. As soon as enough of the other copies are done, the call passes, and the run goes on.`,
          "What does not need the copy is made in the meantime.",
        ]
      : []),
    ...copies
      .filter(({ retries, otherHooks }) => !retries && otherHooks.length > 0)
      .map(
        ({ resource, otherHooks }) =>
          `${resource.name}: whether it is tried again its own ${otherHooks.join(", ")} decides.`,
      ),
    ...(alone.length > 0 ? [`${some} the first refusal fails the run at once.`] : []),
  ];
}

const TAKEN =
  "Taken: the first run of the stack, in which all copies are new; a later one copies only new versions. The limit is" +
  " one for the account and the region that is copied to: copies of other stacks, backups and people count too. Of an" +
  " image AWS copies one snapshot for each volume.";

const SPREAD =
  "The program alone passes it: fewer versions at a time, or fewer volumes, make the run shorter; it needs no change.";

const SPREAD_ALONE = "The program alone passes it: make fewer copies at a time, each `pulumi up` some.";

function leftItems(limit: CopyLimit): string[] {
  const copies = copiesOf(limit);
  const first = copies.find(({ retries }) => !retries) ?? copies[0];
  const times = first?.retries ? ` ${limit.tries.most} times` : "";
  const waiting = limit.missing.some(({ urn }) => !copies.some(({ resource }) => resource.urn === urn));
  return [
    `${first?.resource.name ?? "the copy"}: AWS has refused to start it${times}`,
    waits(limit)
      ? BUSY_STATE
      : `${waiting ? "It is not made, and nor is what depends on it" : "It is not made"}; the next \`pulumi up\` makes only what is missing.`,
    "`pulumi up` fails: its exit status is not 0",
  ];
}

function nextItems(limit: CopyLimit): string[] {
  const gates = [
    ...new Set(copiesOf(limit).flatMap(({ resource }) => (resource.hooks.beforeCreate ?? []).map(lastPart))),
  ];
  return [
    `it ${gates.length > 0 ? `asks ${gates.join(" and ")} again, and` : "tries again, and"} starts only the copies that are missing`,
    "copies that were begun are in the state, and are not begun twice",
    ...BUSY_NEXT.copy,
  ];
}

export function copyLimitOutcome(limit: CopyLimit, simulation: Simulation): Outcome {
  const { region, steps, most, tries, exists, missing, either } = limit;
  const sentence = copyLimitSentence(limit, simulation.stack);
  const [left, next] = [leftItems(limit), nextItems(limit)];
  const [what, why] = waits(limit)
    ? [" when it gives up", "made, unless something else fails: they had hours"]
    : ["", "what is done or under way by then exists, the rest is not started"];
  return {
    report: (paint) => {
      const sections: Section[] = [
        [
          "At the same time",
          items([
            ...steps.map(stepItem),
            ...overlapItems(limit),
            TAKEN,
            ...(most.passes ? [waits(limit) ? SPREAD : SPREAD_ALONE] : []),
          ]),
        ],
        ["When AWS refuses", items(refusedItems(limit))],
        [`What is left${what}`, items(left)],
        ["The next `pulumi up`", items(next)],
        group("Exist for certain then", exists, paint),
        group("Not made", missing, paint),
        group(`Made or not (${why})`, either, paint),
      ];
      return scenarioReport(simulation, sentence, most.passes ? "red" : "green", sections, paint);
    },
    data: () => ({
      ...{ scenario: "copy-limit", region, sentence, limit: COPIES_AT_ONCE, error: AWS_SAYS, passed: most.passes },
      steps: steps.map(({ step, copies, snapshots, isKnown, passes }) => ({
        ...{ step, snapshots, atLeast: !isKnown, passed: passes },
        copies: copies.map(({ resource: { urn }, snapshots: of, isKnown: known, retries }) => ({
          ...{ urn, snapshots: of, atLeast: !known, retries },
        })),
      })),
      ...{ tries: tries.most, shortestSeconds: tries.shortestSeconds, longestSeconds: tries.longestSeconds },
      ...{ left, next, exists: urnsOf(exists), missing: urnsOf(missing), either: urnsOf(either) },
    }),
    table: () => ({
      head: ["step", "copies", "snapshots", "limit"],
      rows: steps.map((one) => [
        String(one.step),
        one.copies.map(({ resource }) => resource.name).join(", "),
        snapshotsOf(one),
        one.passes ? `passed (${COPIES_AT_ONCE})` : String(COPIES_AT_ONCE),
      ]),
    }),
  };
}
