import assert from "node:assert/strict";
import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { LaunchTemplateVersion } from "@aws-sdk/client-ec2";
import fc from "fast-check";
import type { TemplateVersion } from "../../../components/gates/rollout/group";
import { prunable } from "../../../components/gates/rollout/templateVersions";

const ID = "lt-0123456789abcdef0";
const at = (version: number, id = ID): TemplateVersion => ({ id, version: String(version) });
const member = (version: number, id = ID) => ({
  LaunchTemplate: { LaunchTemplateId: id, Version: String(version) },
  InstanceId: undefined,
  AvailabilityZone: undefined,
  LifecycleState: undefined,
  HealthStatus: undefined,
  ProtectedFromScaleIn: undefined,
});

/** A template's history, what is needed of it, and how many are to be kept. */
const history = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 }).chain((numbers) => {
  const one = fc.constantFrom(...numbers);
  return fc.record({
    numbers: fc.shuffledSubarray(numbers, { minLength: numbers.length }),
    live: one,
    group: one,
    instances: fc.array(one, { maxLength: 5 }),
    proven: fc.option(one, { nil: undefined }),
    isDefault: one,
    keep: fc.integer({ min: 0, max: 25 }),
    mixed: fc.boolean(),
  });
});
type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

function pruned({ numbers, live, group, instances, proven, isDefault, keep, mixed }: History): number[] {
  const versions: LaunchTemplateVersion[] = numbers.map((n) => ({ VersionNumber: n, DefaultVersion: n === isDefault }));
  const { LaunchTemplate } = member(group);
  const named = mixed
    ? { MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: LaunchTemplate } } }
    : { LaunchTemplate };
  const asg = { ...named, Instances: instances.map((n) => member(n)) } as AutoScalingGroup;
  return prunable(versions, asg, [proven === undefined ? undefined : at(proven)], at(live), keep).map(Number);
}

describe("components/gates/rollout: which template versions may go", () => {
  it("never one that is needed: live, default, proven before, named by the group, run by an instance, or newer than live", () => {
    fc.assert(
      fc.property(history, (given) => {
        const gone = pruned(given);
        const needed = [given.live, given.isDefault, given.proven, given.group, ...given.instances];
        for (const n of gone) {
          assert.ok(!needed.includes(n), `${n} is needed`);
          assert.ok(n < given.live, `${n} is newer than live`);
          assert.ok(given.numbers.includes(n), `${n} is not one of them`);
        }
        assert.equal(new Set(gone).size, gone.length);
      }),
    );
  });

  it("the newest are always left, as many as are to be kept, and one at least", () => {
    fc.assert(
      fc.property(history, (given) => {
        const gone = pruned(given);
        const newest = [...given.numbers].sort((a, b) => b - a).slice(0, Math.max(1, given.keep));
        assert.ok(newest.every((n) => !gone.includes(n)));
        assert.ok(given.numbers.length - gone.length >= Math.min(Math.max(1, given.keep), given.numbers.length));
      }),
    );
  });

  it("every other one goes", () => {
    fc.assert(
      fc.property(history, (given) => {
        const { numbers, live, isDefault, proven, group, instances, keep } = given;
        const newest = [...numbers].sort((a, b) => b - a).slice(0, Math.max(1, keep));
        const held = new Set([...newest, live, isDefault, proven, group, ...instances]);
        const expected = numbers.filter((n) => n < live && !held.has(n));
        assert.deepEqual(
          pruned(given).sort((a, b) => a - b),
          expected.sort((a, b) => a - b),
        );
      }),
    );
  });

  it("the same number of another template holds nothing back", () => {
    const other = "lt-fedcba98765432100";
    const group = { ...member(1, other), Instances: [member(2, other)] } as unknown as AutoScalingGroup;
    const versions = [1, 2, 3, 4].map((VersionNumber) => ({ VersionNumber }));
    assert.deepEqual(prunable(versions, group, [at(3, other)], at(4), 1), ["3", "2", "1"]);
  });
});
