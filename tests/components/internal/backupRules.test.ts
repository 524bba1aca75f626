import assert from "node:assert/strict";
import fc from "fast-check";
import {
  copyProblems,
  HOURS,
  type Period,
  retentionProblems,
  scheduleProblems,
  targetProblems,
  UNITS,
} from "../../../components/internal/backupRules";
import { cronProblem } from "../../../components/internal/cron";
import type { Problem } from "../../../components/internal/problems";

const NOW = new Date("2026-11-25T10:00:00Z");
const paths = (problems: Problem[]) => problems.map(({ path }) => path);
const told = (problems: Problem[]) => problems.map(({ path, allowed }) => `${path}: ${allowed}`);
class Later {}

describe("cron expressions of Data Lifecycle Manager", () => {
  it("are right by EventBridge's rules, from an hour to a year apart", () => {
    for (const right of [
      "cron(0 3 * * ? *)",
      "cron(0 3 ? * MON-FRI *)",
      "cron(15 10 ? * 6L 2026-2030)",
      "cron(0 4 ? * 2#1 *)",
      "cron(0 4 L * ? *)",
      "cron(0 4 15W * ? *)",
      "cron(0 * * * ? *)",
      "cron(0 0/12 * * ? *)",
      "cron(0 0 1 1 ? *)",
      "cron(30 18 ? JAN,JUL SAT *)",
    ])
      assert.equal(cronProblem(right, NOW), undefined, right);
  });

  for (const [wrong, allowed] of [
    ["0 3 * * ? *", /^cron\(MINUTE HOUR/],
    ["rate(1 day)", /^cron\(MINUTE HOUR/],
    ["cron(0 3 * *)", /^cron\(MINUTE HOUR/],
    [`cron(0 ${Array.from({ length: 60 }, (_, i) => i).join(",")} * * ? *)`, /^cron\(MINUTE HOUR/],
    ["cron(0 3 * * ? *\n)", /^cron\(MINUTE HOUR/],
    ["cron(00 03 01 01 ?)", /^six fields/],
    ["cron(0 0 3 * * ? *)", /^six fields/],
    ["cron(0 3 * * * *)", /^a \? for the day/],
    ["cron(0 3 ? * ? *)", /^a \? for the day/],
    ["cron(0 3 +1 * ? *)", /^letters, digits/],
    ["cron(60 3 * * ? *)", /^a valid cron expression \(Invalid value for minute: 60\)$/],
    ["cron(0 24 * * ? *)", /^a valid cron expression/],
    ["cron(0 3 ? * FOO *)", /^a valid cron expression/],
    ["cron(0 3 * * ? 2020)", /^an expression that runs again$/],
    ["cron(0 3 31 2 ? *)", /^an expression that runs again$/],
    ["cron(0,30 * * * ? *)", /^an hour or more/],
    ["cron(0/30 3 * * ? *)", /^an hour or more/],
    ["cron(* * * * ? *)", /^an hour or more/],
    ["cron(0 0 29 2 ? *)", /^a year or less/],
    ["cron(0 0 1 1 ? 2027/2)", /^a year or less/],
  ] as const) {
    it(`refuse ${JSON.stringify(wrong).slice(0, 40)}`, () => assert.match(cronProblem(wrong, NOW) ?? "", allowed));
  }

  it("say something of any text, and never throw", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.ok(cronProblem(text, NOW) !== undefined);
        cronProblem(`cron(${text})`, NOW);
      }),
    );
  });
});

describe("a backup's schedule", () => {
  it("is by hours that divide a day, or by cron, not by both", () => {
    for (const everyHours of HOURS) assert.deepEqual(scheduleProblems({ everyHours, startTime: "23:59" }), []);
    assert.deepEqual(scheduleProblems({}), []);
    assert.deepEqual(scheduleProblems({ cron: "cron(0 3 * * ? *)" }), []);
    fc.assert(
      fc.property(fc.anything(), (everyHours) => {
        const known = everyHours !== undefined && !HOURS.includes(everyHours as number);
        const found = scheduleProblems({ everyHours });
        if (!known) assert.deepEqual(found, []);
        else if (["string", "number", "boolean"].includes(typeof everyHours)) assert.equal(found.length, 1);
      }),
    );
    for (const startTime of ["3:00", "24:00", "12:60", "0300", 3, "", "03:00\n"])
      assert.deepEqual(paths(scheduleProblems({ startTime })), ["schedule.startTime"], String(startTime));
    assert.deepEqual(paths(scheduleProblems({ everyHours: 5, startTime: "x", cron: "y" })), [
      ...["schedule.everyHours", "schedule.startTime", "schedule.cron", "schedule.everyHours", "schedule.startTime"],
    ]);
    assert.deepEqual(told(scheduleProblems({ cron: 5 })), ["schedule.cron: a text"]);
  });

  it("is not judged while it is not known", () => {
    const later = new Later();
    assert.deepEqual(scheduleProblems({ everyHours: later, startTime: later }), []);
    assert.deepEqual(scheduleProblems({ cron: later }), []);
  });
});

describe("how long backups are kept", () => {
  const age: fc.Arbitrary<Period> = fc.record({
    interval: fc.integer({ min: 1, max: 120 }),
    unit: fc.constantFrom("WEEKS", "MONTHS"),
  });

  it("is a number, or an age", () => {
    for (const retain of [
      { count: 1 },
      { count: 1000 },
      { interval: 1 },
      { interval: 36500, unit: "DAYS" },
      { interval: 5200, unit: "WEEKS" },
      { interval: 1200, unit: "MONTHS" },
      { interval: 100, unit: "YEARS" },
    ])
      assert.deepEqual(retentionProblems("", retain, undefined), [], JSON.stringify(retain));
    for (const [retain, expected] of [
      [{}, ["retain.count"]],
      [{ count: 0 }, ["retain.count"]],
      [{ count: 1001 }, ["retain.count"]],
      [{ count: "7" }, ["retain.count"]],
      [{ count: 7, interval: 7 }, ["retain.count"]],
      [{ count: 7, unit: "DAYS" }, ["retain.count", "retain.interval"]],
      [{ unit: "DAYS" }, ["retain.interval"]],
      [{ interval: 0 }, ["retain.interval"]],
      [{ interval: 1.5 }, ["retain.interval"]],
      [{ interval: 36501 }, ["retain.interval"]],
      [{ interval: 101, unit: "YEARS" }, ["retain.interval"]],
      [{ interval: 1, unit: "days" }, ["retain.unit"]],
      [{ interval: 0, unit: "HOURS" }, ["retain.unit", "retain.interval"]],
    ] as const)
      assert.deepEqual(paths(retentionProblems("", retain, undefined)), expected, JSON.stringify(retain));
  });

  it("is an age for copies", () => {
    assert.deepEqual(told(retentionProblems("c", { count: 7 }, undefined, false)), [
      "c.retain.count: an age: copies are kept by age",
    ]);
    assert.deepEqual(paths(retentionProblems("c", {}, undefined, false)), ["c.retain.interval"]);
    assert.deepEqual(retentionProblems("c", { interval: 7 }, undefined, false), []);
  });

  it("covers what is deprecated, by the same kind", () => {
    assert.deepEqual(retentionProblems("", { count: 7 }, { count: 7 }), []);
    assert.deepEqual(told(retentionProblems("", { count: 7 }, { count: 8 })), [
      "deprecate.count: not more than what is kept (7 images)",
    ]);
    assert.deepEqual(told(retentionProblems("", { count: 7 }, { interval: 7 })), ["deprecate: count, as in retain"]);
    assert.deepEqual(told(retentionProblems("", { interval: 7 }, { count: 7 })), [
      "deprecate: interval and unit, as in retain",
    ]);
    assert.deepEqual(told(retentionProblems("", { interval: 1, unit: "MONTHS" }, { interval: 31 })), [
      "deprecate.interval: not more than what is kept (1 MONTHS)",
    ]);
    assert.deepEqual(paths(retentionProblems("", { interval: 100, unit: "YEARS" }, { interval: 3651 })), [
      "deprecate.interval",
    ]);
    fc.assert(
      fc.property(age, age, (kept, old) => {
        const years = ({ interval, unit }: Period) => (interval as number) / (unit === "WEEKS" ? 52 : 12);
        const wrong = years(old) > years(kept) || years(old) > 10;
        assert.equal(retentionProblems("", kept, old).length, wrong ? 1 : 0);
      }),
    );
  });

  it("is not judged while it is not known", () => {
    const later = new Later();
    assert.deepEqual(retentionProblems("", { count: later }, { count: 5 }), []);
    assert.deepEqual(retentionProblems("", { interval: later, unit: later }, { interval: 5, unit: later }), []);
    assert.deepEqual(retentionProblems("", { interval: 99999, unit: later }, undefined), []);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.anything(),
        fc.anything(),
        fc.constantFrom(...UNITS, undefined),
        (a, b, c, unit) => {
          retentionProblems("x", { count: a, interval: b, unit: c }, { interval: a, unit });
        },
      ),
      { examples: [[1, 1, { toString: [] }, undefined]] },
    );
  });
});

describe("copies of backups", () => {
  const key = (region: string) => `arn:aws:kms:${region}:111122223333:key/1-2`;
  const retain = { interval: 7 };

  it("are in three other regions at most, under keys of theirs", () => {
    const copies = { "eu-west-1": { retain, kmsKeyArn: key("eu-west-1") }, "us-west-2": { retain, encrypted: false } };
    assert.deepEqual(copyProblems({}, "us-east-1"), []);
    assert.deepEqual(copyProblems(copies, "us-east-1"), []);
    assert.deepEqual(copyProblems(copies, new Later()), []);
    assert.deepEqual(
      paths(
        copyProblems(
          {
            moon: { retain },
            "us-east-1": {},
            "eu-west-1": { retain, kmsKeyArn: key("us-east-1") },
            "us-west-2": { retain, kmsKeyArn: key("us-west-2"), encrypted: false, deprecate: { interval: 8 } },
          },
          "us-east-1",
        ),
      ),
      [
        ...["copies", 'copies["moon"]', 'copies["us-east-1"]', 'copies["us-east-1"].retain.interval'],
        ...['copies["eu-west-1"].kmsKeyArn', 'copies["us-west-2"].deprecate.interval', 'copies["us-west-2"].encrypted'],
      ],
    );
  });
});

describe("the tags of instances to back up", () => {
  it("are 1 to 50 texts", () => {
    assert.deepEqual(targetProblems({ backup: "daily" }), []);
    assert.deepEqual(targetProblems(new Later()), []);
    assert.deepEqual(targetProblems({ backup: new Later() }), []);
    assert.deepEqual(told(targetProblems({})), ["targetTags: 1 to 50 tags"]);
    assert.deepEqual(paths(targetProblems(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"])))), [
      "targetTags",
    ]);
    assert.deepEqual(paths(targetProblems({ "": "x", [`k${"x".repeat(128)}`]: "y", a: 5, b: "z".repeat(257) })), [
      ...['targetTags[""]', `targetTags["k${"x".repeat(128)}"]`, 'targetTags["a"]', 'targetTags["b"]'],
    ]);
  });
});
