/** What a fleet's group is made of besides its size: types, warm pool, hooks, scaling. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { AutoScalingFleet, type AutoScalingFleetArgs } from "../../components";
import { type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError } from "../support/reading";

const IMAGE = "ami-0123456789abcdef0";

const fleet = (args: Partial<AutoScalingFleetArgs>): Promise<Run> =>
  runProgram(() => void new AutoScalingFleet("web", { imageId: IMAGE, ...args }));

async function run(args: Partial<AutoScalingFleetArgs>): Promise<Run> {
  const result = await fleet(args);
  assertFine(result);
  return result;
}

const group = async (args: Partial<AutoScalingFleetArgs>) => only(await run(args), "aws:autoscaling:Group").inputs;
const live = async (args: Partial<AutoScalingFleetArgs>) =>
  JSON.parse(only(await run(args), "aws:ssm:Parameter").inputs.insecureValue as string) as { [field: string]: unknown };
const refused = async (args: Partial<AutoScalingFleetArgs>) => {
  const text = onlyError(await fleet(args)).message;
  return [...text.matchAll(/^ {2}- ([^:]+):/gm)].map((match) => match[1]);
};

describe("AutoScalingFleet of several instance types", () => {
  const mixedInstances = { instanceTypes: ["t3.small", "t3a.small"], onDemandPercentageAboveBaseCapacity: 25 };

  it("starts on the policy, which only the gate moves", async () => {
    const result = await run({ mixedInstances });
    const { inputs, options } = only(result, "aws:autoscaling:Group");
    assert.equal(inputs.launchTemplate, undefined);
    assert.deepEqual(inputs.mixedInstancesPolicy, {
      instancesDistribution: {
        onDemandBaseCapacity: 0,
        onDemandPercentageAboveBaseCapacity: 25,
        onDemandAllocationStrategy: "prioritized",
        spotAllocationStrategy: "price-capacity-optimized",
      },
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: only(result, "aws:ec2:LaunchTemplate").id, version: "7" },
        overrides: [{ instanceType: "t3.small" }, { instanceType: "t3a.small" }],
      },
    });
    assert.deepEqual(options.ignoreChanges, ["launchTemplate", "mixedInstancesPolicy"]);
  });

  it("is part of the record, and of no record without it", async () => {
    const { mixedInstances: recorded } = await live({ mixedInstances });
    assert.deepEqual(recorded, {
      onDemandBaseCapacity: 0,
      onDemandPercentageAboveBaseCapacity: 25,
      onDemandAllocationStrategy: "prioritized",
      spotAllocationStrategy: "price-capacity-optimized",
      instanceTypes: ["t3.small", "t3a.small"],
    });
    assert.equal("mixedInstances" in (await live({})), false);
  });

  it("replaces Spot Instances at risk, unless it is told not to", async () => {
    assert.equal((await group({ mixedInstances })).capacityRebalance, true);
    assert.equal((await group({ mixedInstances, capacityRebalance: false })).capacityRebalance, false);
    assert.equal((await group({ mixedInstances: { instanceTypes: ["t3.small"] } })).capacityRebalance, undefined);
    assert.equal((await group({})).capacityRebalance, undefined);
  });

  it("names every problem at once", async () => {
    const paths = await refused({
      instanceType: "t3.small",
      mixedInstances: {
        instanceTypes: ["t3.small", "t4g.small", "t3.small", "small"],
        onDemandBaseCapacity: -1,
        onDemandPercentageAboveBaseCapacity: 101,
        onDemandAllocationStrategy: "cheapest",
        spotAllocationStrategy: "diversified",
      },
    });
    assert.deepEqual(paths, [
      ...["onDemandBaseCapacity", "onDemandPercentageAboveBaseCapacity"].map((field) => `mixedInstances.${field}`),
      ...["onDemandAllocationStrategy", "spotAllocationStrategy"].map((field) => `mixedInstances.${field}`),
      ...[1, 2, 3].map((i) => `mixedInstances.instanceTypes[${i}]`),
      "instanceType",
    ]);
    assert.deepEqual(await refused({ mixedInstances: { instanceTypes: [] } }), ["mixedInstances.instanceTypes"]);
  });

  it("judges types by the image's architecture", async () => {
    await run({ architecture: "arm64", mixedInstances: { instanceTypes: ["t4g.small", "m7g.large"] } });
    assert.deepEqual(await refused({ architecture: "arm64", mixedInstances: { instanceTypes: ["t3.small"] } }), [
      "mixedInstances.instanceTypes[0]",
    ]);
  });
});

describe("AutoScalingFleet: its group", () => {
  it("has what is asked for, and else leaves Auto Scaling's own", async () => {
    const asked = await group({
      warmPool: { minSize: 2, maxGroupPreparedCapacity: 6, poolState: "Running", reuseOnScaleIn: true },
      instanceMaintenance: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
      terminationPolicies: ["OldestLaunchTemplate", "Default"],
      protectFromScaleIn: true,
      maxInstanceLifetime: 604_800,
      capacityDistributionStrategy: "balanced-only",
      scaling: { instanceWarmup: 90 },
    });
    assert.deepEqual(asked.warmPool, {
      minSize: 2,
      maxGroupPreparedCapacity: 6,
      poolState: "Running",
      instanceReusePolicy: { reuseOnScaleIn: true },
    });
    assert.deepEqual(asked.instanceMaintenancePolicy, { minHealthyPercentage: 100, maxHealthyPercentage: 150 });
    assert.deepEqual(asked.terminationPolicies, ["OldestLaunchTemplate", "Default"]);
    assert.deepEqual([asked.protectFromScaleIn, asked.maxInstanceLifetime], [true, 604_800]);
    assert.deepEqual(asked.availabilityZoneDistribution, { capacityDistributionStrategy: "balanced-only" });
    assert.equal(asked.defaultInstanceWarmup, 90);
    const plain = await group({});
    for (const field of ["warmPool", "instanceMaintenancePolicy", "terminationPolicies", "protectFromScaleIn"])
      assert.equal(plain[field], undefined, field);
    assert.deepEqual((await group({ warmPool: {} })).warmPool, { minSize: 0, poolState: "Stopped" });
  });

  it("has a hook for each name", async () => {
    const hooks = all(
      await run({
        lifecycleHooks: [
          { name: "warm", transition: pulumi.output("launching"), heartbeatTimeout: 300, defaultResult: "CONTINUE" },
          { name: "drain", transition: "terminating" },
        ],
      }),
      "aws:autoscaling:LifecycleHook",
    );
    assert.deepEqual(
      hooks.map(({ name, inputs }) => [
        name,
        inputs.lifecycleTransition,
        inputs.heartbeatTimeout,
        inputs.defaultResult,
      ]),
      [
        ["web-hook-drain", "autoscaling:EC2_INSTANCE_TERMINATING", undefined, undefined],
        ["web-hook-warm", "autoscaling:EC2_INSTANCE_LAUNCHING", 300, "CONTINUE"],
      ],
    );
  });

  it("is recorded only when hooks and scaling are there", async () => {
    const result = await run({ lifecycleHooks: [{ name: "warm", transition: "launching" }] });
    const { dependsOn } = only(result, "aws:ssm:Parameter");
    for (const needed of ["web-hook-warm", "web-cpu"]) assert.ok(dependsOn.includes(needed), needed);
  });

  it("refuses what Auto Scaling does not take", async () => {
    assert.deepEqual(
      await refused({
        maxSize: 4,
        maxInstanceLifetime: 3600,
        capacityDistributionStrategy: "balanced",
        terminationPolicies: ["Newest"],
        warmPool: { poolState: "Paused", minSize: 5 },
        lifecycleHooks: [
          { name: "a b", transition: "starting", heartbeatTimeout: 10, defaultResult: "GO" },
          { name: "x", transition: "launching", roleArn: "arn:aws:iam::111122223333:role/x" },
          { name: "x", transition: "launching" },
        ],
        instanceMaintenance: { minHealthyPercentage: 0, maxHealthyPercentage: 200 },
      }),
      [
        ...["maxInstanceLifetime", "capacityDistributionStrategy", "terminationPolicies[0]"],
        ...["warmPool.poolState", "warmPool.minSize"],
        ...["name", "transition", "heartbeatTimeout", "defaultResult"].map((field) => `lifecycleHooks[0].${field}`),
        ...["lifecycleHooks[1].roleArn", "lifecycleHooks[2].name", "instanceMaintenance.maxHealthyPercentage"],
      ],
    );
  });

  it("keeps no Spot Instances warm", async () => {
    const spot = { instanceTypes: ["t3.small"], onDemandPercentageAboveBaseCapacity: 99 };
    assert.deepEqual(await refused({ warmPool: {}, mixedInstances: spot }), ["warmPool"]);
    await run({ warmPool: {}, mixedInstances: { instanceTypes: ["t3.small"] } });
  });
});

describe("AutoScalingFleet: its scaling", () => {
  const step = { name: "queue", metricName: "Depth", threshold: 100 };

  it("keeps requests per target, counted by its own load balancer", async () => {
    const result = await run({ port: 80, scaling: { requestsPerTarget: 400 } });
    const { inputs } = only(result, "aws:autoscaling:Policy", "web-requests");
    assert.deepEqual(inputs.targetTrackingConfiguration, {
      predefinedMetricSpecification: {
        predefinedMetricType: "ALBRequestCountPerTarget",
        resourceLabel: "app/web-lb/1/targetgroup/web-lb/1",
      },
      targetValue: 400,
    });
  });

  it("has an alarm for each step policy", async () => {
    const result = await run({
      scaling: {
        steps: [
          {
            ...step,
            adjustments: [
              { from: 0, to: 50, change: 1 },
              { from: 50, change: 3 },
            ],
          },
          { ...step, name: "idle", above: false, threshold: 5, adjustments: [{ to: 0, change: -1 }] },
        ],
      },
    });
    const [up, down] = ["web-queue", "web-idle"].map((name) => only(result, "aws:autoscaling:Policy", name).inputs);
    assert.deepEqual(up!.stepAdjustments, [
      { metricIntervalLowerBound: "0", metricIntervalUpperBound: "50", scalingAdjustment: 1 },
      { metricIntervalLowerBound: "50", scalingAdjustment: 3 },
    ]);
    assert.deepEqual(down!.stepAdjustments, [{ metricIntervalUpperBound: "0", scalingAdjustment: -1 }]);
    const alarm = only(result, "aws:cloudwatch:MetricAlarm", "web-idle").inputs;
    assert.deepEqual(
      [alarm.comparisonOperator, alarm.threshold, alarm.period, alarm.evaluationPeriods, alarm.namespace],
      ["LessThanOrEqualToThreshold", 5, 60, 3, "AWS/EC2"],
    );
    assert.deepEqual(alarm.dimensions, { AutoScalingGroupName: "web-1234567" });
  });

  it("leaves the sizes that a schedule does not name", async () => {
    const { inputs } = only(
      await run({ scaling: { schedules: [{ name: "night", recurrence: "0 22 * * *", desiredCapacity: 0 }] } }),
      "aws:autoscaling:Schedule",
    );
    assert.deepEqual([inputs.minSize, inputs.maxSize, inputs.desiredCapacity], [-1, -1, 0]);
  });

  it("refuses steps that overlap, leave a gap or end", async () => {
    const wrong = async (adjustments: { from?: number; to?: number; change: number }[], above = true) =>
      (await refused({ scaling: { steps: [{ ...step, above, adjustments }] } }))[0];
    const path = "scaling.steps[0].adjustments";
    assert.equal(
      await wrong([
        { from: 0, to: 10, change: 1 },
        { from: 20, change: 2 },
      ]),
      path,
    );
    assert.equal(
      await wrong([
        { from: 0, to: 10, change: 1 },
        { from: 5, change: 2 },
      ]),
      path,
    );
    assert.equal(await wrong([{ from: 0, to: 10, change: 1 }]), path);
    assert.equal(await wrong([{ from: 10, to: 0, change: 1 }]), path);
    assert.equal(await wrong([]), path);
    assert.equal(await wrong([{ from: 0, change: -1 }], false), path);
    assert.equal(await wrong([{ from: 0, change: 0.5 }]), `${path}[0].change`);
  });

  it("refuses the rest at once", async () => {
    assert.deepEqual(
      await refused({
        scaling: {
          requestsPerTarget: 0,
          instanceWarmup: -1,
          steps: [
            {
              ...step,
              name: "a b",
              statistic: "p99",
              periodSeconds: 45,
              evaluationPeriods: 0,
              adjustments: [{ change: 1 }],
            },
            { ...step, name: "a b", adjustments: [{ change: 1 }] },
          ],
          schedules: [
            { name: "x", recurrence: "0 6 * *", timeZone: "Mars/Base", minSize: -2 },
            { name: "y", recurrence: "61 6 * * *", desiredCapacity: 1 },
            { name: "z", recurrence: "0 6 * * MON-FRI" },
          ],
        },
      }),
      [
        ...["requestsPerTarget", "instanceWarmup", "requestsPerTarget", "steps[1].name", "steps[0].name"],
        ...["statistic", "periodSeconds", "evaluationPeriods"].map((field) => `steps[0].${field}`),
        ...["steps[1].name", "schedules[0].minSize", "schedules[0].timeZone", "schedules[0].recurrence"],
        ...["schedules[1].recurrence", "schedules[2].desiredCapacity"],
      ].map((field) => `scaling.${field}`),
    );
  });
});
