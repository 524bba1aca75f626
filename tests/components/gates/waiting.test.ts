import assert from "node:assert/strict";
import type { Clock } from "../../../components/gates/kit/waiting";
import { Deadline, defaultTiming, patiently } from "../../../components/gates/kit/waiting";
import { failure } from "./scene";

/** Time that passes only when somebody sleeps, and at once. */
class Still implements Clock {
  at = 0;
  readonly slept: number[] = [];
  now(): number {
    return this.at;
  }
  sleep(seconds: number): Promise<void> {
    this.slept.push(seconds);
    this.at += seconds * 1000;
    return Promise.resolve();
  }
}

const throttled = () => Promise.reject(Object.assign(new Error("Rate exceeded"), { name: "Throttling" }));

describe("components/gates/kit/waiting", () => {
  it("a limit is of the gate's own clock, and its elapsed time is told in minutes and seconds", () => {
    const clock = new Still();
    const deadline = new Deadline(2, clock);
    for (const [at, passed, elapsed] of [
      [0, false, "0s"],
      [59_000, false, "59s"],
      [61_000, false, "1m01s"],
      [119_999, false, "2m00s"],
      [120_000, true, "2m00s"],
    ] as const) {
      clock.at = at;
      assert.deepEqual([deadline.passed, deadline.elapsed], [passed, elapsed]);
    }
  });

  it("throttling is waited out for ten minutes, longer and longer up to a minute, however long an answer takes", async () => {
    const clock = new Still();
    const said = await failure(patiently("DescribeImages", { ...defaultTiming(), pollSeconds: 10, clock }, throttled));
    assert.match(said, /^AWS did not answer \(DescribeImages\) for 10 minutes: Throttling: Rate exceeded/);
    assert.match(said, /run `pulumi up` again when the service answers; nothing was recorded/);
    assert.ok(clock.at >= 600_000 && clock.at < 660_000, `${clock.at} ms`);
    for (const [i, ceiling] of [10, 20, 40, 60, 60].entries()) {
      const slept = clock.slept[i]!;
      assert.ok(slept >= ceiling / 2 && slept <= ceiling, `try ${i}: ${slept} s`);
    }
  });

  it("what AWS refuses for good is not asked again", async () => {
    const clock = new Still();
    const refused = () => Promise.reject(Object.assign(new Error("no"), { name: "InvalidParameterValue" }));
    await assert.rejects(patiently("DescribeImages", { ...defaultTiming(), clock }, refused), /no/);
    assert.deepEqual(clock.slept, []);
  });
});
