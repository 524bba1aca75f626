import assert from "node:assert/strict";
import fc from "fast-check";
import { type KeyPolicySpec, renderKeyPolicy } from "../../../components/internal/keyPolicy";
import { account, receivers } from "../../support/receivers";

interface Statement {
  Sid: string;
  Effect: string;
  Principal: { AWS: string | string[] };
  Action: string | string[];
  Resource: string;
  Condition?: { [operator: string]: { [key: string]: string | string[] } };
}

const PLAIN: KeyPolicySpec = { account: "111122223333", partition: "aws", autoScaling: false };
const statements = (spec: Partial<KeyPolicySpec>): Statement[] =>
  (JSON.parse(renderKeyPolicy({ ...PLAIN, ...spec })) as { Statement: Statement[] }).Statement;

const ROOT: Statement = {
  Sid: "AccountFull",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const USE = ["kms:DescribeKey", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*"];
const BY_SERVICE = { "kms:GrantIsForAWSResource": "true" };

const spec = fc
  .tuple(receivers(), account, fc.constantFrom("aws", "aws-cn", "aws-us-gov"), fc.boolean())
  .map(([given, own, partition, autoScaling]) => ({ ...given, account: own, partition, autoScaling }));

describe("the policy of an image key", () => {
  it("is the account's alone at the least, in its partition", () => {
    assert.equal(
      renderKeyPolicy(PLAIN),
      '{"Version":"2012-10-17","Statement":[{"Sid":"AccountFull","Effect":"Allow",' +
        '"Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":"kms:*","Resource":"*"}]}',
    );
    const [root] = statements({ partition: "aws-cn" });
    assert.equal(root?.Principal.AWS, "arn:aws-cn:iam::111122223333:root");
  });

  it("lets Auto Scaling's role use the key, named in conditions: it may not exist yet", () => {
    const role = {
      StringEquals: { "kms:CallerAccount": "111122223333" },
      ArnLike: {
        "aws:PrincipalArn":
          "arn:aws:iam::111122223333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling*",
      },
    };
    const common = { Effect: "Allow", Principal: { AWS: "*" } };
    assert.deepEqual(statements({ autoScaling: true }), [
      ROOT,
      { Sid: "AutoScalingUse", ...common, Action: ["kms:Encrypt", ...USE], Resource: "*", Condition: role },
      {
        Sid: "AutoScalingGrant",
        ...common,
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: { ...role, Bool: BY_SERVICE },
      },
    ]);
  });

  it("lets accounts use it, and grants be made for them by AWS services alone", () => {
    const principals = { AWS: ["arn:aws:iam::444455556666:root", "arn:aws:iam::777788889999:root"] };
    assert.deepEqual(statements({ accounts: ["777788889999", "444455556666"] }), [
      ROOT,
      { Sid: "AccountsUse", Effect: "Allow", Principal: principals, Action: USE, Resource: "*" },
      {
        Sid: "AccountsGrant",
        Effect: "Allow",
        Principal: principals,
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: { Bool: BY_SERVICE },
      },
    ]);
  });

  it("lets members of organisations use it, and those of units wherever they are", () => {
    const organization = "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5";
    const unit = "arn:aws:organizations::111122223333:ou/o-f1f2f3f4f5/ou-ab12-11111111";
    const common = { Effect: "Allow", Principal: { AWS: "*" } };
    const member = { StringEquals: { "aws:PrincipalOrgID": ["o-a1b2c3d4e5"] } };
    const below = { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": ["o-f1f2f3f4f5/*/ou-ab12-11111111/*"] } };
    const grant = (condition: object) => ({
      ...common,
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { ...condition, Bool: BY_SERVICE },
    });
    assert.deepEqual(statements({ organizationArns: [organization], organizationalUnitArns: [unit] }), [
      ROOT,
      { Sid: "OrganizationsUse", ...common, Action: USE, Resource: "*", Condition: member },
      { Sid: "OrganizationsGrant", ...grant(member) },
      { Sid: "UnitsUse", ...common, Action: USE, Resource: "*", Condition: below },
      { Sid: "UnitsGrant", ...grant(below) },
    ]);
  });

  it("never lets just anybody in: `*` always comes with a condition on who calls", () => {
    fc.assert(
      fc.property(spec, (given) => {
        for (const { Sid, Principal, Condition } of statements(given)) {
          const principals = [Principal.AWS].flat();
          if (!principals.some((one) => one.includes("*"))) continue;
          assert.deepEqual(principals, ["*"], Sid);
          const keys = Object.entries(Condition ?? {}).flatMap(([operator, of]) =>
            operator === "Bool" ? [] : Object.entries(of),
          );
          assert.ok(keys.length > 0, Sid);
          for (const [key, values] of keys) {
            assert.match(key, /^(kms:CallerAccount|aws:Principal(Arn|OrgID|OrgPaths))$/);
            for (const value of [values].flat()) assert.match(value, /^(arn:aws|\d{12}$|o-[a-z0-9]{10})/, Sid);
          }
        }
      }),
    );
  });

  it("gives full control to its own account alone, and grants to nobody but through AWS services", () => {
    fc.assert(
      fc.property(spec, (given) => {
        const found = statements(given);
        const full = found.filter(({ Action }) => [Action].flat().includes("kms:*"));
        assert.deepEqual(
          full.map(({ Principal }) => Principal.AWS),
          [`arn:${given.partition}:iam::${given.account}:root`],
        );
        for (const { Sid, Action, Condition } of found) {
          if ([Action].flat().includes("kms:CreateGrant")) assert.deepEqual(Condition?.Bool, BY_SERVICE, Sid);
        }
        assert.equal(new Set(found.map(({ Sid }) => Sid)).size, found.length);
      }),
    );
  });

  it("holds everybody it was given, twice: for use and for grants", () => {
    fc.assert(
      fc.property(spec, (given) => {
        const text = renderKeyPolicy(given);
        const times = (part: string) => text.split(part).length - 1;
        for (const id of given.accounts.filter((one) => one !== given.account)) assert.equal(times(`::${id}:root"`), 2);
        for (const arn of given.organizationArns) assert.equal(times(`"${arn.split("/")[1]}"`), 2);
        for (const arn of given.organizationalUnitArns) {
          const [, organization, id] = arn.split("/");
          assert.equal(times(`"${organization}/*/${id}/*"`), 2);
        }
      }),
    );
  });

  it("is the same to the byte in whatever order its receivers are given", () => {
    fc.assert(
      fc.property(spec, (given) => {
        const turned = {
          ...given,
          accounts: [...given.accounts].reverse(),
          organizationArns: [...given.organizationArns].reverse(),
          organizationalUnitArns: [...given.organizationalUnitArns].reverse(),
        };
        assert.equal(renderKeyPolicy(turned), renderKeyPolicy(given));
      }),
    );
  });
});
