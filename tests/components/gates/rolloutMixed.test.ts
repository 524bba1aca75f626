/** Rollouts of fleets with several instance types, with a warm pool, or protected from scale-in. */
import assert from "node:assert/strict";
import { MIXED_DEFAULTS, type MixedPolicy } from "../../../components/internal/mixedPolicy";
import { rolloutScene } from "./rolloutScene";
import { MINUTES, Voice, deeds, failure } from "./scene";

const policy = (...instanceTypes: string[]): MixedPolicy => ({ ...MIXED_DEFAULTS, instanceTypes });
const SPOT = { onDemandBaseCapacity: 1, onDemandPercentageAboveBaseCapacity: 25 };

describe("components/gates/rolloutFinished, of several instance types", () => {
  const scene = rolloutScene();
  const { at, version, fleet, gate, group, running } = scene;
  let aws: typeof scene.aws;
  before(() => (aws = scene.aws));

  const types = async () => (await group()).Instances!.map((one) => one.InstanceType);
  const named = async () => {
    const { MixedInstancesPolicy: mixed } = await group();
    return {
      version: mixed?.LaunchTemplate?.LaunchTemplateSpecification?.Version,
      types: mixed?.LaunchTemplate?.Overrides?.map((one) => one.InstanceType),
      onDemand: mixed?.InstancesDistribution?.OnDemandPercentageAboveBaseCapacity,
    };
  };
  const mixedFleet = (size: number, types: string[]) =>
    fleet(size, {
      LaunchTemplate: undefined,
      MixedInstancesPolicy: {
        LaunchTemplate: {
          LaunchTemplateSpecification: version("1"),
          Overrides: types.map((type) => ({ InstanceType: type as never })),
        },
        InstancesDistribution: {
          OnDemandBaseCapacity: 0,
          OnDemandPercentageAboveBaseCapacity: 100,
          OnDemandAllocationStrategy: "prioritized",
          SpotAllocationStrategy: "price-capacity-optimized",
        },
      },
    });

  it("sends the whole policy with the version", async () => {
    await mixedFleet(2, ["t3.small", "t3a.small"]);
    const wanted = policy("t3.small", "t3a.small");
    await gate({ target: { ...at("2"), policy: wanted }, proven: { ...at("1"), policy: wanted } });
    const { params } = aws.requests("StartInstanceRefresh")[0]!;
    const sent = Object.entries(params).filter(([name]) => name.startsWith("DesiredConfiguration."));
    const prefix = "DesiredConfiguration.MixedInstancesPolicy";
    assert.deepEqual(Object.fromEntries(sent), {
      [`${prefix}.InstancesDistribution.OnDemandAllocationStrategy`]: "prioritized",
      [`${prefix}.InstancesDistribution.OnDemandBaseCapacity`]: "0",
      [`${prefix}.InstancesDistribution.OnDemandPercentageAboveBaseCapacity`]: "100",
      [`${prefix}.InstancesDistribution.SpotAllocationStrategy`]: "price-capacity-optimized",
      [`${prefix}.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId`]: scene.template,
      [`${prefix}.LaunchTemplate.LaunchTemplateSpecification.Version`]: "2",
      [`${prefix}.LaunchTemplate.Overrides.member.1.InstanceType`]: "t3.small",
      [`${prefix}.LaunchTemplate.Overrides.member.2.InstanceType`]: "t3a.small",
    });
    assert.deepEqual(await running(), ["2", "2"]);
    assert.deepEqual(await named(), { version: "2", types: ["t3.small", "t3a.small"], onDemand: 100 });
    assert.equal(params["Preferences.AutoRollback"], "true");
  });

  it("starts nothing when version, types and purchase options are as wanted", async () => {
    await mixedFleet(2, ["t3.small"]);
    await gate({ target: { ...at("1"), policy: policy("t3.small") } });
    assert.deepEqual(deeds(aws), []);
  });

  it("replaces instances of a type that is no longer wanted, of the same version", async () => {
    await mixedFleet(2, ["t3.small", "t3a.small"]);
    await gate({
      target: { ...at("1"), policy: policy("t3a.small") },
      proven: { ...at("1"), policy: policy("t3.small") },
    });
    assert.deepEqual(await types(), ["t3a.small", "t3a.small"]);
  });

  it("changes the Spot share without replacing what runs", async () => {
    await mixedFleet(2, ["t3.small"]);
    const before = await scene.members();
    await gate({ target: { ...at("1"), policy: { ...policy("t3.small"), ...SPOT } } });
    assert.deepEqual([await scene.members(), (await named()).onDemand], [before, 25]);
    const { params } = aws.requests("StartInstanceRefresh")[0]!;
    const distribution = "DesiredConfiguration.MixedInstancesPolicy.InstancesDistribution";
    assert.equal(params[`${distribution}.OnDemandBaseCapacity`], "1");
  });

  it("goes from one type to several and back, replacing all", async () => {
    await fleet(2);
    const mixed = { ...at("1"), policy: policy("t3a.small", "t3.small") };
    await gate({ target: mixed });
    assert.deepEqual(
      [await types(), (await named()).types],
      [
        ["t3a.small", "t3a.small"],
        ["t3a.small", "t3.small"],
      ],
    );
    await gate({ target: at("1"), proven: mixed });
    assert.deepEqual([(await group()).LaunchTemplate?.Version, (await named()).types], ["1", undefined]);
    assert.deepEqual(await types(), ["t3.micro", "t3.micro"]);
    assert.deepEqual(
      scene.wishes().map((wish) => wish.SkipMatching),
      ["false", "false"],
    );
  });

  it("goes back to the policy that was proven when a rollout fails", async () => {
    await mixedFleet(2, ["t3.small"]);
    aws.refresh("web", { stepMs: 15, end: "Failed", times: 1 });
    const proven = { ...at("1"), policy: policy("t3.small") };
    const said = await failure(gate({ target: { ...at("2"), policy: policy("t3a.small") }, proven }));
    assert.match(said, /the group and every instance in service say lt-\w+ version 1, as before/);
    assert.deepEqual(await named(), { version: "1", types: ["t3.small"], onDemand: 100 });
    assert.deepEqual(
      [await running(), await types()],
      [
        ["1", "1"],
        ["t3.small", "t3.small"],
      ],
    );
  });

  it("refuses a refresh that somebody has started to other types", async () => {
    await mixedFleet(2, ["t3.small"]);
    aws.refresh("web", { stepMs: 60_000 });
    await failure(gate({ target: { ...at("1"), policy: policy("t3a.small") }, limitMinutes: MINUTES }));
    const said = await failure(gate({ target: { ...at("1"), policy: policy("m5.large") } }));
    assert.match(said, /the instance refresh \S+ to lt-\w+ version 1 is (Pending|InProgress)/);
  });

  it("moves a group at 0, which has nothing to replace", async () => {
    await mixedFleet(0, ["t3.small"]);
    await gate({ target: { ...at("2"), policy: policy("t3.small", "t3a.small") } });
    assert.deepEqual(await named(), { version: "2", types: ["t3.small", "t3a.small"], onDemand: 100 });
  });

  it("replaces instances that the fleet protects from scale-in", async () => {
    await fleet(2);
    await gate({ protectFromScaleIn: true });
    assert.equal(scene.wishes()[0]!.ScaleInProtectedInstances, "Refresh");
    await gate({ target: at("3") });
    assert.equal(scene.wishes()[1]!.ScaleInProtectedInstances, undefined);
  });

  it("waits until the warm pool is of the version, too", async () => {
    await fleet(2);
    const warm = (number: string, state?: string) => ({ instanceId: `i-0${number}`, ...at(number), state });
    aws.warmPool("web", [warm("1")]);
    const voice = new Voice(() => {
      if (/warm pool/.test(voice.said.at(-1)!)) aws.warmPool("web", [warm("2"), warm("1", "Warmed:Terminating:Wait")]);
    });
    await gate({}, {}, voice);
    assert.ok(
      voice.said.some((text) => /i-01 in the warm pool is of lt-\w+ version 1/.test(text)),
      voice.said.join("\n"),
    );
    aws.clearRequests();
    await gate();
    assert.deepEqual(deeds(aws), []);
  });

  it("starts a refresh for what is wrong in the warm pool alone", async () => {
    await fleet(2, { LaunchTemplate: version("2") });
    aws.warmPool("web", [{ instanceId: "i-01", ...at("1") }]);
    const voice = new Voice(() => /warm pool/.test(voice.said.at(-1)!) && aws.warmPool("web", []));
    await gate({}, {}, voice);
    assert.equal(aws.requests("StartInstanceRefresh").length, 1);
  });
});
