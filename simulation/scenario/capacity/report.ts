import { failureData, failureSections } from "../../failure/report";
import type { Section } from "../../report";
import { lastPart } from "../../text";
import type { Simulation } from "../../types";
import { items, type Outcome, scenarioReport } from "../outcome";
import type { Capacity, Judged, Verdict } from "./index";

const AWS_SAYS = "InsufficientInstanceCapacity";

const WHAT: { [kind in Judged["kind"]]: string } = {
  group: "Auto Scaling group",
  instance: "instance",
  throwaway: "throwaway instance of the gate",
};

/** What one does, and what several do. */
const VERDICTS: [verdict: Verdict, one: string, several: string][] = [
  ["fails", "is refused", "are refused"],
  ["waits", "waits and fails", "wait and fail"],
  ["unknown", "only AWS can tell", "only AWS can tell"],
  ["elsewhere", "goes elsewhere", "go elsewhere"],
  ["idle", "asks for none now", "ask for none now"],
  ["not concerned", "is not concerned", "are not concerned"],
];

const countOf = ({ askers }: Capacity, verdict: Verdict): number =>
  askers.filter((asker) => asker.verdict === verdict).length;

/** `prod without t3.small in us-east-1a: 1 go elsewhere, 1 ask for none now, 2 only AWS can tell`. */
export function capacitySentence(capacity: Capacity, stack: string): string {
  const parts = VERDICTS.map(([verdict, one, several]) => {
    const number = countOf(capacity, verdict);
    return [number, number === 1 ? one : several] as const;
  }).filter(([number]) => number > 0);
  return `${stack} without ${capacity.type} in ${capacity.zone}: ${parts.map(([number, text]) => `${number} ${text}`).join(", ")}`;
}

const or = (names: readonly string[]): string => names.join(", or ");

/** What one that asks does, and why. */
export function reason(asker: Judged, type: string, zone: string): string {
  const { verdict, kind, others, types, zones, gate, limitMinutes, follows, resource } = asker;
  const where = [
    ...(others.types.length > 0 ? [`${or(others.types)} in the same zone`] : []),
    ...(others.zones.length > 0 ? [`${type} in ${or(others.zones)}`] : []),
  ].join("; or ");
  switch (verdict) {
    case "not concerned":
      if (types && !types.includes(type)) return `asks for ${or(types)}`;
      return `asks in ${zones ? or(zones) : "another region"}`;
    case "unknown":
      return types === undefined
        ? "its instance type is known only later"
        : "the zones of its subnets are known only later";
    case "idle":
      return `runs nothing now; when it does, it ${where === "" ? `waits: it has no other type or zone` : `takes ${where}`}`;
    case "elsewhere":
      if (follows) return `runs beside ${follows.name}, which EC2 places where it has capacity: not in ${zone}`;
      if (kind === "group") return `Auto Scaling launches ${where}`;
      if (types === undefined)
        return `its instance type is known only later; whatever it is, there are ${or(others.zones)}`;
      return kind === "instance" ? `EC2 chooses the zone: ${where}` : `the gate tries the next subnet: ${where}`;
    case "waits":
      return gate === undefined
        ? "it has no other type or zone: it stays below its size, and no gate of the components tells"
        : `it has no other type or zone: Auto Scaling goes on trying, and ${gate} fails after ${limitMinutes} minutes: ` +
            `not every instance runs the template's version in health. Its evidence: the activities that failed, with "do not have sufficient ${type} capacity" in ${zone}`;
    case "fails":
      return kind === "throwaway"
        ? `it has no other subnet: ${gate ?? "the gate"} fails at once: no throwaway instance could be launched in ${resource.region ?? "its region"}`
        : `its subnet fixes the zone: AWS answers ${AWS_SAYS}, and its creation fails`;
  }
}

const itemOf = (asker: Judged, { type, zone }: Capacity): string => {
  const { resource, kind, gate } = asker;
  const what = kind === "throwaway" && gate !== undefined ? `${WHAT[kind]} ${gate}` : WHAT[kind];
  return `${resource.name} (${what}): ${reason(asker, type, zone)}`;
};

/** How nothing would have to wait. */
function cures({ askers }: Capacity): string[] {
  const failing = askers.filter(({ verdict }) => verdict === "waits" || verdict === "fails");
  const kinds = new Set(failing.map(({ kind }) => kind));
  return [
    ...(kinds.has("group") ? ["a group: give it several types (`mixedInstances`), or subnets of several zones"] : []),
    ...(kinds.has("instance") ? ["an instance: another `instanceType`, or a subnet of another zone"] : []),
    ...(kinds.has("throwaway")
      ? [
          "a throwaway instance: another `proof.instanceType`, or no `subnetId`: then each zone's default subnet is tried",
        ]
      : []),
    ...(kinds.size > 0 ? ["or run `pulumi up` again later: AWS's capacity changes by the minute"] : []),
  ];
}

const GREEN = "`pulumi up` is green as far as this goes; nothing is left, and the next one has nothing to do.";
const OPEN = "Whether it is green depends on what only AWS can tell; what would fail then: --fail NAME.";

const TAKEN =
  "Taken: the first run of the stack, and the zone has none of the type for all of it. Subnets of the default network" +
  " are assumed, one in each zone.";

export function capacityOutcome(capacity: Capacity, simulation: Simulation): Outcome {
  const { type, zone, askers, failure } = capacity;
  const sentence = capacitySentence(capacity, simulation.stack);
  const open = countOf(capacity, "unknown") > 0;
  const end = failure ? [] : [open ? OPEN : GREEN];
  return {
    report: (paint) => {
      const sections: Section[] = [
        ...VERDICTS.map(([verdict, , text]): Section => {
          const of = askers.filter((asker) => asker.verdict === verdict);
          const title = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
          return [`${title}: ${of.length}`, items(of.map((asker) => itemOf(asker, capacity)))];
        }),
        ["How none would wait", items(cures(capacity))],
        ["What is taken", items([TAKEN, ...end])],
        ...(failure ? failureSections(failure, simulation, paint) : []),
      ];
      const tone = failure ? "red" : open ? "yellow" : "green";
      return scenarioReport(simulation, sentence, tone, sections, paint);
    },
    data: () => ({
      ...{
        scenario: "capacity",
        type,
        zone,
        sentence,
        error: AWS_SAYS,
        upFails: failure ? true : open ? undefined : false,
      },
      askers: askers.map((asker) => ({
        ...{
          urn: asker.resource.urn,
          kind: asker.kind,
          verdict: asker.verdict,
          types: asker.types,
          zones: asker.zones,
        },
        ...{ otherTypes: asker.others.types, otherZones: asker.others.zones, gate: asker.gate },
        ...{ limitMinutes: asker.limitMinutes, why: reason(asker, type, zone) },
      })),
      next: [...cures(capacity), ...end],
      failure: failure && failureData(failure, simulation),
    }),
    table: () => ({
      head: ["what", "type", "verdict", "why"],
      rows: VERDICTS.flatMap(([verdict]) =>
        askers
          .filter((asker) => asker.verdict === verdict)
          .map((asker) => [asker.resource.name, lastPart(asker.resource.type), verdict, reason(asker, type, zone)]),
      ),
    }),
  };
}
