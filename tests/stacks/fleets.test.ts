/** The stacks' fleets: one after the other over regions, and what config gives each of them. */
import assert from "node:assert/strict";
import type { Run } from "../support/mocks";
import { all, only } from "../support/reading";
import { problems, stack } from "./prodStack";

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";

const REGIONS = ["us-west-2", "eu-west-1"];

describe("fleets of one line in several regions", () => {
  /** Everything that comes before it, near or far: a child also waits for what its component waits for. */
  const before = (result: Run, name: string, seen = new Set<string>()): Set<string> => {
    const found = result.resources.filter((resource) => resource.name === name);
    const parents = result.resources.filter(({ urn }) => found.some(({ parent }) => parent === urn));
    for (const one of [...found, ...parents].flatMap(({ dependsOn }) => dependsOn)) {
      if (seen.has(one)) continue;
      seen.add(one);
      before(result, one, seen);
    }
    return seen;
  };

  it("each have the image of their own region, one record there, and the same sizes", async () => {
    const result = await stack({ fleetRegions: REGIONS, minSize: 3, maxSize: 9 });
    const groups = all(result, "aws:autoscaling:Group");
    assert.deepEqual(groups.map(({ name, inputs }) => [name, inputs.region, inputs.minSize, inputs.maxSize]).sort(), [
      ["web", undefined, 3, 9],
      ["web-eu-west-1", "eu-west-1", 3, 9],
      ["web-us-west-2", "us-west-2", 3, 9],
    ]);
    for (const region of REGIONS) {
      const copy = only(result, "aws:ec2:AmiCopy", `web-1.0.0-${region}`);
      assert.equal(only(result, "aws:ec2:LaunchTemplate", `web-${region}-template`).inputs.imageId, copy.id);
      const record = only(result, "aws:ssm:Parameter", `web-${region}-live`);
      assert.deepEqual([record.inputs.name, record.inputs.region], ["/ami/web/prod/live", region]);
    }
    assert.deepEqual(Object.keys(result.outputs.urls as object).sort(), ["eu-west-1", "us-east-1", "us-west-2"]);
  });

  it("go one after the other, home first: a failure leaves the later ones as they were", async () => {
    const result = await stack({ fleetRegions: REGIONS });
    for (const part of ["web-us-west-2-template", "web-us-west-2", "web-us-west-2-sg", "web-us-west-2-live"]) {
      assert.ok(before(result, part).has("web-live"), part);
    }
    assert.ok(before(result, "web-eu-west-1-template").has("web-us-west-2-live"));
    assert.ok(!before(result, "web-live").has("web-us-west-2-live"));
  });

  it("go home last, or all at once, where config says so", async () => {
    const last = await stack({ fleetRegions: REGIONS, fleetOrder: "home-last" });
    assert.ok(before(last, "web-template").has("web-eu-west-1-live"));
    assert.ok(before(last, "web-eu-west-1-template").has("web-us-west-2-live"));
    const together = await stack({ fleetRegions: REGIONS, fleetOrder: "together" });
    assert.ok(!before(together, "web-us-west-2-live").has("web-live"));
    assert.ok(!before(together, "web-live").has("web-us-west-2-live"));
  });

  it("move the pointers when every one of them is live", async () => {
    const result = await stack({ fleetRegions: REGIONS });
    const pointer = all(result, "aws:ssm:Parameter").find(({ inputs }) => inputs.name === "/ami/web/prod/current")!;
    for (const name of ["web-live", "web-us-west-2-live", "web-eu-west-1-live"]) {
      assert.ok(before(result, pointer.name).has(name), name);
    }
  });

  it("are refused in a region without copies, twice in one, and in an unknown order", () => {
    assert.deepEqual(problems({ fleetRegions: ["us-west-2", "us-west-2", "ap-south-1"], fleetOrder: "home" }), [
      "ami-lifecycle:fleetRegions[1]",
      "ami-lifecycle:fleetRegions[2]",
      "ami-lifecycle:fleetOrder",
    ]);
  });
});

describe("what config gives the fleet", () => {
  it("reaches it", async () => {
    const result = await stack({
      loadBalancer: { certificateArn: CERTIFICATE },
      mixedInstances: { instanceTypes: ["t3.small", "t3a.small"] },
      warmPool: { minSize: 1 },
      scaling: { requestsPerTarget: 200 },
      rollout: { bakeTime: 60 },
      network: { zones: 3 },
    });
    const group = only(result, "aws:autoscaling:Group").inputs;
    assert.ok(group.mixedInstancesPolicy && group.warmPool);
    assert.equal((group.vpcZoneIdentifiers as string[]).length, 3);
    assert.ok(only(result, "aws:autoscaling:Policy", "web-requests"));
    const { listeners, subnetIds, enableDeletionProtection } = only(result, "awsx:lb:ApplicationLoadBalancer").inputs;
    assert.deepEqual([(listeners as unknown[]).length, enableDeletionProtection], [2, true]);
    const { publicSubnetIds } = only(result, "awsx:ec2:Vpc").outputs;
    assert.deepEqual(subnetIds, publicSubnetIds);
  });

  it("is refused by the components' own rules, under the names of config", () => {
    assert.deepEqual(
      problems({
        loadBalancer: { idleTimeout: 0 },
        mixedInstances: { instanceTypes: ["t3.small"], onDemandBaseCapacity: -1 },
        network: { zones: 9 },
        rollout: { bakeTime: -1 },
        scaling: { requestsPerTarget: -1 },
      }),
      [
        "ami-lifecycle:network.zones",
        "ami-lifecycle:rollout.bakeTime",
        "ami-lifecycle:mixedInstances.onDemandBaseCapacity",
        "ami-lifecycle:scaling.requestsPerTarget",
        "ami-lifecycle:loadBalancer.idleTimeout",
      ],
    );
    assert.deepEqual(problems({ rollout: { checkpointPercentages: [50, 100] }, rolloutMinutes: 30 }), [
      "ami-lifecycle:rolloutMinutes",
    ]);
  });

  it("is refused when it is misspelt", () => {
    assert.deepEqual(
      problems({ loadBalancer: { certArn: "x" }, monitoring: { alarm: true }, rollout: { limitMinutes: 5 } }),
      ["ami-lifecycle:loadBalancer.certArn", "ami-lifecycle:monitoring.alarm", "ami-lifecycle:rollout.limitMinutes"],
    );
  });
});
