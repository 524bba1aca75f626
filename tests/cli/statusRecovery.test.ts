import assert from "node:assert/strict";
import type { RegionFacts } from "../../cli/status/facts";
import { reportOf } from "../../cli/status/report";
import { tableOf } from "../../cli/status/table";

const HOME = "ami-0000000000000000a";
const AWAY = "ami-0000000000000000b";
const OLD = "ami-0000000000000000c";
const SUBJECT = { line: "web", stack: "prod", home: "us-east-1" };
const GROUP = "arn:aws:autoscaling:us-west-2:111122223333:autoScalingGroup:1:autoScalingGroupName/web-us-west-2";

const fleet = (imageId: string, group: string) =>
  JSON.stringify({ version: "1.1.0", imageId, launchTemplateId: "lt-1", launchTemplateVersion: "4", group });

/** A pilot light as `pulumi up` leaves it. */
function pilotLight(): { home: RegionFacts; away: RegionFacts } {
  const template = { id: "lt-1", version: "4" };
  const region = (name: string, id: string, records: { [of: string]: string }, group: string): RegionFacts => ({
    region: name,
    parameters: { "1.1.0": id, ...records },
    images: [{ id, state: "available", version: "1.1.0", verified: "0123456789abcdef" }],
    instances: [],
    groups: [{ name: group, desired: 0, template, members: [] }],
  });
  const recovery = {
    ...{ strategy: "pilot-light", home: "us-east-1", version: "1.1.0", imageId: AWAY, groupName: "web-us-west-2" },
    ...{ launchTemplateId: "lt-1", launchTemplateVersion: "4", rtoMinutes: 30, rpoMinutes: 43200 },
    ...{ active: { minSize: 2, maxSize: 6 }, standby: { minSize: 0, maxSize: 6 } },
  };
  return {
    home: region("us-east-1", HOME, { live: fleet(HOME, "web") }, "web"),
    away: region(
      "us-west-2",
      AWAY,
      { staged: fleet(AWAY, GROUP), recovery: JSON.stringify(recovery) },
      "web-us-west-2",
    ),
  };
}

function drift(change: (away: RegionFacts) => void): [kind: string, message: string][] {
  const { home, away } = pilotLight();
  change(away);
  return reportOf(SUBJECT, [home, away]).drift.map(({ kind, message }) => [kind, message]);
}

describe("status of a recovery region", () => {
  it("tells what is staged there, and what it stands in for, without drift", () => {
    const { home, away } = pilotLight();
    const report = reportOf(SUBJECT, [home, away]);
    assert.deepEqual(report.drift, []);
    const [serves, waits] = report.fleets;
    assert.deepEqual([serves?.live?.imageId, serves?.staged], [HOME, null]);
    assert.deepEqual([waits?.group, waits?.exists, waits?.live], ["web-us-west-2", true, null]);
    assert.equal(waits?.staged?.imageId, AWAY);
    assert.deepEqual(report.recovery, [
      {
        ...{ region: "us-west-2", strategy: "pilot-light", home: "us-east-1", version: "1.1.0", imageId: AWAY },
        ...{ group: "web-us-west-2", rtoMinutes: 30, rpoMinutes: 43200 },
      },
    ]);
    const text = tableOf(report);
    assert.match(text, /^web-us-west-2 +us-west-2 +1\.1\.0 \(staged\) +ami-0000000000000000b +lt-1 4$/m);
    assert.match(text, /^us-west-2 +us-east-1 +pilot-light +1\.1\.0 +30 min +43200 min$/m);
  });

  it("is shown while the home region does not answer", () => {
    const report = reportOf(SUBJECT, [{ region: "us-east-1", error: "no answer" }, pilotLight().away]);
    assert.deepEqual([report.drift, report.recovery.length, report.fleets.length], [[], 1, 1]);
  });

  it("says that a staged group wants instances, until `live` is written", () => {
    const failedOver = (away: RegionFacts) => void (away.groups[0]!.desired = 2);
    assert.deepEqual(drift(failedOver), [
      [
        "staged-serves",
        "web-us-west-2 in us-west-2 is staged, but 2 instances are wanted: config's `activeRegion` or `ami-lifecycle failback` settles it.",
      ],
    ]);
    const proven = (away: RegionFacts) => {
      failedOver(away);
      away.parameters.live = fleet(AWAY, GROUP);
    };
    assert.deepEqual(drift(proven), []);
  });

  it("finds a staged record that nothing agrees with", () => {
    const old = (away: RegionFacts) => {
      away.images.push({ id: OLD, state: "available", version: "1.0.0", verified: "0123456789abcdef" });
      away.parameters.staged = fleet(OLD, GROUP);
    };
    assert.deepEqual(
      drift(old).filter(([kind]) => kind !== "image-missing" && kind !== "parameter-missing"),
      [
        ["staged-image-differs", `staged in us-west-2 says 1.1.0, but its image ${OLD} is 1.0.0.`],
        ["recovery-differs", `recovery in us-west-2 names ${AWAY}, but staged names ${OLD}.`],
      ],
    );
    assert.deepEqual(
      drift((away) => void (away.parameters.staged = "true")),
      [["staged-unreadable", "staged in us-west-2 is no record of a fleet: something else has written it."]],
    );
    assert.deepEqual(
      drift((away) => away.groups.pop()),
      [["group-gone", "staged in us-west-2 names the Auto Scaling group web-us-west-2, which is gone."]],
    );
    assert.deepEqual(
      drift((away) => void (away.groups[0]!.template = { id: "lt-1", version: "5" })),
      [
        [
          "template-differs",
          "web-us-west-2 in us-west-2 launches from lt-1 version 5, but staged says lt-1 version 4.",
        ],
      ],
    );
  });

  it("finds a copy that is gone under the names of the records", () => {
    const [first] = drift((away) => away.images.pop());
    assert.deepEqual(first, ["image-gone", `1.1.0, staged and recovery in us-west-2 name ${AWAY}, which is gone.`]);
  });
});
