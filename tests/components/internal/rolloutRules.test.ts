import assert from "node:assert/strict";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import type { RolloutValues } from "../../../components/internal/rolloutRules";
import { rolloutProblems } from "../../../components/internal/rolloutRules";
import { validate } from "../../support/emulator/refreshRequest";

interface Given {
  minHealthyPercentage?: number;
  maxHealthyPercentage?: number;
  instanceWarmup?: number;
  checkpointPercentages?: number[];
  checkpointDelay?: number;
  bakeTime?: number;
  alarmNames?: string[];
  keepTemplateVersions?: number;
  limitMinutes?: number;
}

/** Mostly right, often at a bound, now and then just outside of it or between two numbers. */
const around = (low: number, high: number) =>
  fc.option(
    fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: low, max: high }) },
      { weight: 8, arbitrary: fc.constantFrom(low, high) },
      { weight: 1, arbitrary: fc.constantFrom(low - 1, high + 1, low + 0.5) },
    ),
    { nil: undefined },
  );
const rising = fc
  .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 4 })
  .map((list) => list.sort((a, b) => a - b))
  .chain((list) => fc.constantFrom(list, ...Array<number[]>(4).fill([...list.filter((n) => n < 100), 100])));
const given: fc.Arbitrary<Given> = fc.record(
  {
    minHealthyPercentage: around(0, 100),
    maxHealthyPercentage: around(100, 200),
    instanceWarmup: around(0, 172_800),
    checkpointPercentages: fc.option(
      fc.oneof(
        { weight: 12, arbitrary: rising },
        { weight: 1, arbitrary: fc.array(fc.integer({ min: -1, max: 102 }), { maxLength: 4 }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom<number[][]>([], [50, 50, 100], [100, 50], [0, 100], [50.5, 100], [100]),
        },
      ),
      { nil: undefined },
    ),
    checkpointDelay: fc.oneof(around(0, 172_800), around(0, 600), around(0, 600)),
    bakeTime: fc.oneof(around(0, 172_800), around(0, 600), around(0, 600)),
    alarmNames: fc.option(
      fc.array(fc.constantFrom("web-5xx", "web-4xx", "a", "x".repeat(255), "x".repeat(256), ""), { maxLength: 12 }),
      { nil: undefined },
    ),
    keepTemplateVersions: around(1, 10_000),
    limitMinutes: around(1, 1440),
  },
  { requiredKeys: [] },
);

const whole = (value: number | undefined, low: number, high: number): boolean =>
  value === undefined || (Number.isInteger(value) && value >= low && value <= high);

/** AWS's ranges once more, in other words; and the time limit, which is our own. */
function allowed(rollout: Given): boolean {
  const { minHealthyPercentage: min = 100, maxHealthyPercentage: max = 110, checkpointPercentages: list } = rollout;
  const { bakeTime = 0, checkpointDelay = 3600, limitMinutes = 150 } = rollout;
  if (!whole(min, 0, 100) || !whole(max, 100, 200) || max > min + 100) return false;
  for (const seconds of [rollout.instanceWarmup, rollout.checkpointDelay, rollout.bakeTime]) {
    if (!whole(seconds, 0, 172_800)) return false;
  }
  if (!whole(rollout.keepTemplateVersions, 1, 10_000) || !whole(limitMinutes, 1, 1440)) return false;
  if (list === undefined ? rollout.checkpointDelay !== undefined : !climbsTo100(list)) return false;
  if (rollout.alarmNames?.some((name) => name === "" || name.length > 255)) return false;
  if ((rollout.alarmNames?.length ?? 0) > 10) return false;
  return ((list?.length ?? 1) - 1) * checkpointDelay + bakeTime < limitMinutes * 60;
}

const climbsTo100 = (list: number[]): boolean =>
  list.at(-1) === 100 && list.every((n, i) => Number.isInteger(n) && n >= 1 && (i === 0 || n > list[i - 1]!));

/** The preferences that the gate would send, as they are on the wire. */
function wire(rollout: Given): { [name: string]: string } {
  const sent: { [name: string]: string | number | undefined } = {
    MinHealthyPercentage: rollout.minHealthyPercentage ?? 100,
    MaxHealthyPercentage: rollout.maxHealthyPercentage ?? 110,
    InstanceWarmup: rollout.instanceWarmup,
    CheckpointDelay: rollout.checkpointDelay,
    BakeTime: rollout.bakeTime,
  };
  rollout.checkpointPercentages?.forEach((n, i) => (sent[`CheckpointPercentages.member.${i + 1}`] = n));
  rollout.alarmNames?.forEach((name, i) => (sent[`AlarmSpecification.Alarms.member.${i + 1}`] = name));
  return Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`]])),
  );
}

const paths = (rollout: RolloutValues) => rolloutProblems(rollout).problems.map(({ path }) => path);

describe("rules for rollouts", () => {
  it("let through exactly what AWS and the time limit allow", () => {
    let right = 0;
    fc.assert(
      fc.property(given, (rollout) => {
        const fine = allowed(rollout);
        if (fine) right++;
        assert.equal(paths({ ...rollout }).length === 0, fine, JSON.stringify(rollout));
      }),
      { numRuns: 2000 },
    );
    assert.ok(right > 100, `${right} of 2000 were right: too few to prove anything`);
  });

  it("let nothing through that AWS would refuse when the rollout starts", () => {
    fc.assert(
      fc.property(given, (rollout) => {
        fc.pre(paths({ ...rollout }).length === 0);
        validate(wire(rollout), {});
      }),
    );
  });

  it("name the time limit once, and only fields that are given or that bound a wait", () => {
    fc.assert(
      fc.property(given, (rollout) => {
        const found = paths({ ...rollout });
        assert.ok(found.filter((path) => path === "rollout.limitMinutes").length <= 1, JSON.stringify(rollout));
        for (const path of found) {
          const field = path.replace(/^rollout\./, "");
          const bounds = field === "limitMinutes" || field === "maxHealthyPercentage";
          assert.ok(bounds || rollout[field as keyof Given] !== undefined, path);
        }
      }),
    );
  });

  it("say what is wrong with checkpoints, and what to do", () => {
    const [problem] = rolloutProblems({ checkpointPercentages: [20, 50] }, "args.rollout").problems;
    assert.deepEqual(problem, {
      path: "args.rollout.checkpointPercentages",
      given: [20, 50],
      allowed: "whole percentages from 1, ascending, each once, the last one 100",
      fix: "Write for example [20, 50, 100]",
    });
    for (const list of [[], [0, 100], [100, 100], [50, 20, 100], [101], [99.5, 100], [20]]) {
      assert.deepEqual(paths({ checkpointPercentages: list, checkpointDelay: 0 }), ["rollout.checkpointPercentages"]);
    }
    assert.deepEqual(paths({ checkpointDelay: 60 }), ["rollout.checkpointDelay"]);
  });

  it("count the waits against the time limit, AWS's hour at each checkpoint but the last included", () => {
    const limit = ["rollout.limitMinutes"];
    assert.deepEqual(paths({ checkpointPercentages: [100] }), []);
    assert.deepEqual(paths({ checkpointPercentages: [50, 100], limitMinutes: 60 }), limit);
    assert.deepEqual(paths({ checkpointPercentages: [50, 100], limitMinutes: 61 }), []);
    assert.deepEqual(paths({ checkpointPercentages: [20, 50, 100] }), []);
    assert.deepEqual(paths({ checkpointPercentages: [20, 50, 70, 100] }), limit);
    assert.deepEqual(paths({ checkpointPercentages: [50, 100], checkpointDelay: 0 }), []);
    assert.deepEqual(paths({ bakeTime: 9000 }), limit);
    assert.deepEqual(paths({ bakeTime: 8999 }), []);
    assert.deepEqual(paths({ bakeTime: 4500, checkpointPercentages: [50, 100], checkpointDelay: 4500 }), limit);
  });

  it("a wrong time limit is one problem: without waits there is nothing to add up", () => {
    for (const limitMinutes of [0, -1, 1441, 1.5]) assert.deepEqual(paths({ limitMinutes }), ["rollout.limitMinutes"]);
  });

  it("pass over what is known only later, in lists too", () => {
    const later = pulumi.output(0);
    assert.deepEqual(
      paths({
        minHealthyPercentage: later,
        maxHealthyPercentage: later,
        instanceWarmup: later,
        checkpointPercentages: later,
        checkpointDelay: later,
        bakeTime: later,
        alarmNames: later,
        keepTemplateVersions: later,
      }),
      [],
    );
    assert.deepEqual(
      paths({ checkpointPercentages: [later, 50, later], checkpointDelay: later, alarmNames: [later] }),
      [],
    );
    assert.deepEqual(paths({ checkpointPercentages: [later, 50], checkpointDelay: 0 }), [
      "rollout.checkpointPercentages",
    ]);
  });

  it("refuse lists and entries of another kind", () => {
    assert.deepEqual(paths({ checkpointPercentages: ["50", "100"], checkpointDelay: 0 }), [
      "rollout.checkpointPercentages",
    ]);
    assert.deepEqual(paths({ checkpointPercentages: 100 }), ["rollout.checkpointPercentages"]);
    assert.deepEqual(paths({ alarmNames: "web-5xx" }), ["rollout.alarmNames"]);
    assert.deepEqual(paths({ alarmNames: [5] }), ["rollout.alarmNames"]);
  });
});
