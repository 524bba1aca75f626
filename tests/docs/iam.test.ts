/** docs/iam: the policies allow every call that is made, and no more than they say. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Statement {
  Sid: string;
  Effect: string;
  Action: string[];
  Resource: string | string[];
  Condition?: object;
}

const policy = (name: string): Statement[] =>
  (JSON.parse(readFileSync(`docs/iam/${name}.json`, "utf8")) as { Statement: Statement[] }).Statement;
const recorded = (name: string): string[] =>
  JSON.parse(readFileSync(`tests/fixtures/calls/${name}.json`, "utf8")) as string[];

const allows = (statements: Statement[], call: string): boolean =>
  statements.some(({ Action }) =>
    Action.some((one) => one === call || (one.endsWith("*") && call.startsWith(one.slice(0, -1)))),
  );

const SERVICE: { [sdkPackage: string]: string } = {
  "client-ec2": "ec2",
  "client-auto-scaling": "autoscaling",
  "client-elastic-load-balancing-v2": "elasticloadbalancing",
  "client-sts": "sts",
};

/** Every command of the AWS SDK in the gates' sources, as IAM names it. */
function callsOfGates(folder = "components/gates"): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return callsOfGates(path);
    const source = readFileSync(path, "utf8");
    const imports = [...source.matchAll(/\{([^{}]*Command[^{}]*)\} = await import\("@aws-sdk\/([\w-]+)"\)/g)];
    return imports.flatMap(([, names, from]) =>
      [...names!.matchAll(/(\w+)Command\b/g)].map(([, name]) => `${SERVICE[from!] ?? from}:${name}`),
    );
  });
}

describe("docs/iam", () => {
  const gates = policy("gates");

  it("lets the gates do every call in their sources", () => {
    const calls = [...new Set(callsOfGates())];
    assert.ok(calls.length >= 18, `${calls.length} calls found`);
    // AWS deletes an image's snapshots only for who may.
    const needed = [...calls, "ec2:DeleteSnapshot"];
    assert.deepEqual(
      needed.filter((call) => !allows(gates, call)),
      [],
    );
  });

  for (const stack of ["dev", "prod"]) {
    it(`lets ${stack} do every call that was recorded of it`, () => {
      const together = [...gates, ...policy("fleet"), ...policy(stack)];
      const calls = recorded(stack);
      assert.ok(calls.length > 40);
      assert.deepEqual(
        calls.filter((call) => !allows(together, call)),
        [],
      );
    });

    it(`allows ${stack} nothing that another stack's resources could suffer from`, () => {
      for (const { Sid, Action, Resource, Condition } of [...gates, ...policy("fleet"), ...policy(stack)]) {
        assert.ok(
          !Action.includes("*") && !Action.some((one) => /^\w+:\*$/.test(one)),
          `${Sid} allows a whole service`,
        );
        const onlyLooks = Action.every((one) => /^\w+:(Describe|Get|List)/.test(one));
        assert.ok(onlyLooks || Resource !== "*" || Condition, `${Sid} allows ${Action.join(", ")} on everything`);
        const condition = JSON.stringify(Condition ?? {});
        if (Action.some((one) => /^ec2:(Deregister|DeleteSnapshot)/.test(one))) {
          assert.ok(condition.includes('"aws:ResourceTag/ami-lifecycle:stack":"pulumi-ami-lifecycle/dev"'), Sid);
        }
        if (Action.some((one) => /^ec2:(Terminate|Stop)/.test(one))) {
          assert.match(condition, /aws:ResourceTag\/ami-lifecycle:(proof|base)/, Sid);
        }
        // Who may tag anything with :stack, :base or :proof may end anything.
        const machines = [Resource].flat().some((one) => /image|snapshot|instance|volume/.test(one));
        if (Action.includes("ec2:CreateTags") && machines) {
          assert.match(condition, /ec2:CreateAction|aws:ResourceTag\/ami-lifecycle:/, Sid);
        }
      }
    });
  }

  it("does not let prod bake", () => {
    const prod = [...gates, ...policy("fleet"), ...policy("prod")];
    for (const call of ["ec2:CreateImage", "ec2:RegisterImage"]) assert.ok(!allows(prod, call), call);
    assert.ok(allows(policy("dev"), "ec2:CreateImage"));
  });

  it("keeps each policy within IAM's 6,144 characters", () => {
    for (const name of ["gates", "fleet", "dev", "prod"]) {
      const size = JSON.stringify(JSON.parse(readFileSync(`docs/iam/${name}.json`, "utf8"))).length;
      assert.ok(size <= 6144, `${name}: ${size}`);
    }
  });
});
