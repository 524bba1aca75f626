import assert from "node:assert/strict";
import { assumptionOf } from "../../cli/drill/assumption";
import type { Facts } from "../../cli/drill/facts";
import type { Measured } from "../../cli/drill/launch";
import { canLaunch, flawOf, problemsBefore } from "../../cli/drill/problems";
import { minutes, reportOf, spoken } from "../../cli/drill/report";
import { textOf } from "../../cli/drill/text";
import { limitOf } from "../../cli/recovery/request";
import { type RecoveryRecord, STRATEGIES } from "../../components/internal/recoveryRecord";

describe("cli/drill, without AWS", () => {
  const ID = "ami-0123456789abcdef0";
  const record: RecoveryRecord = {
    strategy: "pilot-light",
    home: "us-east-1",
    version: "1.1.0",
    imageId: ID,
    launchTemplateId: "lt-0123456789abcdef0",
    launchTemplateVersion: "7",
    groupName: "web",
    active: { minSize: 2, maxSize: 10 },
    standby: { minSize: 0, maxSize: 0 },
    rtoMinutes: 10,
    rpoMinutes: 60,
  };
  const image = {
    id: ID,
    state: "available",
    createdAt: "2026-11-26T10:00:00.000Z",
    isWindows: false,
    isEncrypted: true,
    digest: "0123456789abcdef",
    proof: "booted" as const,
    tags: {},
  };
  const facts: Facts = {
    account: "111122223333",
    record,
    image,
    copies: [{ version: "1.1.0", imageId: ID, state: "available", proof: "booted" }],
    keys: ["arn:aws:kms:eu-west-1:111122223333:key/1"],
    template: { imageId: ID },
    group: { suspended: [] },
    health: { seconds: 0, missing: [] },
  };
  const measured: Measured = {
    instanceId: "i-0123456789abcdef0",
    subnetId: null,
    launchedMs: 1400,
    runningMs: 20_400,
    passedMs: 600_000,
    endedMs: 600_000,
    removedMs: 604_600,
    left: [],
  };
  const report = (
    of: { facts?: Partial<Facts>; measured?: Partial<Measured>; record?: Partial<RecoveryRecord> } = {},
  ) =>
    reportOf({
      request: { region: "eu-west-1", line: "web", stack: "dev" },
      facts: { ...facts, ...of.facts, record: { ...record, ...of.record } },
      measured: { ...measured, ...of.measured },
      startedAt: new Date("2026-11-26T11:00:00.000Z"),
    });
  const messages = (of: Partial<Facts>) =>
    problemsBefore({ ...facts, ...of }, "eu-west-1").map(({ message }) => message);

  it("compares targets to the millisecond, before anything is rounded", () => {
    assert.deepEqual(report().problems, []);
    assert.deepEqual(report().seconds, { launch: 1, boot: 19, checks: 580, health: 0, remove: 5 });
    assert.deepEqual(report({ measured: { passedMs: 600_001 } }).problems, [
      { kind: "rto-missed", message: "It would serve after 10 min; the target is 10 minutes." },
    ]);
    const late = report({ facts: { image: { ...image, createdAt: "2026-11-26T09:59:59.999Z" } } });
    assert.deepEqual(late.problems, [
      { kind: "rpo-missed", message: "The image is 61 minutes old; the target is 60 minutes." },
    ]);
  });

  it("adds what the slowest target group needs, by its own numbers", () => {
    const { rto, problems } = report({ facts: { health: { seconds: 1, missing: [] } } });
    assert.deepEqual([rto.estimateSeconds, rto.met, problems.length], [601, false, 1]);
  });

  it("knows of a key what the launch proved", () => {
    assert.equal(report().keys.usable, true);
    assert.equal(report({ measured: { runningMs: null, passedMs: null } }).keys.usable, null);
    assert.equal(report({ facts: { image: { ...image, isEncrypted: false } } }).keys.usable, null);
  });

  it("says what an estimate is made of, for each strategy", () => {
    for (const strategy of STRATEGIES) {
      const said = assumptionOf({ ...facts, record: { ...record, strategy } });
      assert.match(
        said,
        /^from the launch until the checks have passed; no target group, so no time is added/,
        strategy,
      );
    }
    const targetGroupArns = ["arn"];
    const said = assumptionOf({
      ...facts,
      record: { ...record, targetGroupArns },
      health: { seconds: 30, missing: [] },
    });
    assert.match(said, /^from the launch until the checks have passed, and 30 s \(threshold × interval\)/);
  });

  it("names a flaw of the record's image, its template and its group", () => {
    assert.deepEqual(messages({}), []);
    assert.deepEqual(messages({ image: { ...image, state: "disabled" } }), [`The record's image ${ID} is disabled.`]);
    assert.deepEqual(messages({ template: { imageId: "ami-0aaaaaaaaaaaaaaaa" } }), [
      `The record names ${ID}, but version 7 of the launch template lt-0123456789abcdef0 launches ami-0aaaaaaaaaaaaaaaa.`,
    ]);
    // Looked up only when an instance is launched.
    assert.deepEqual(messages({ template: { imageId: "resolve:ssm:/ami/web/dev/current" } }), []);
    assert.deepEqual(messages({ group: { suspended: ["Terminate", "Launch"] } }), [
      "The process Launch of the Auto Scaling group web is suspended.",
    ]);
    assert.deepEqual(messages({ group: undefined }), ["The Auto Scaling group web does not exist."]);
    assert.deepEqual(messages({ group: undefined, record: { ...record, groupName: undefined } }), []);
    // Without parameters of versions there is nothing to compare.
    assert.deepEqual(messages({ copies: [] }), []);
  });

  it("launches only what can be launched", () => {
    assert.deepEqual(
      [facts, { ...facts, image: { ...image, state: "pending" } }, { ...facts, template: undefined }].map(canLaunch),
      [true, false, false],
    );
    assert.deepEqual(
      [flawOf("available", "booted"), flawOf("gone", "none"), flawOf("pending", "booted")],
      [undefined, "does not exist", "is pending"],
    );
  });

  it("waits for twice the target, at least half an hour, unless told otherwise", () => {
    assert.deepEqual(
      [limitOf(undefined, 5), limitOf(undefined, 15), limitOf(undefined, 20.2), limitOf(3, 20)],
      [30, 30, 41, 3],
    );
  });

  it("speaks of times as people do", () => {
    assert.deepEqual([0, 59, 60, 61, 3600].map(spoken), ["0 s", "59 s", "1 min", "1 min 1 s", "60 min"]);
    assert.deepEqual([1, 2].map(minutes), ["1 minute", "2 minutes"]);
  });

  it("has a text of everything, with what is not known", () => {
    const text = textOf(report({ measured: { runningMs: null, passedMs: null, left: ["i-1"], removedMs: null } }));
    assert.match(text, /: FAILED$/m);
    assert.match(text, /^boot {6}–\nchecks {4}–\n/m);
    assert.match(text, /^removed {3}NOT i-1$/m);
    assert.match(text, /^RTO {7}not known; the target is 10 minutes$/m);
    assert.match(text, /^keys {6}not known, no instance ran: arn:aws:kms/m);
    assert.match(textOf(report()), /^keys {6}usable: an instance ran: arn:aws:kms/m);
    assert.match(textOf(report({ record: { version: undefined } })), /^image {5}no version, ami-/m);
  });
});
