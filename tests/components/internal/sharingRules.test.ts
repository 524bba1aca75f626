import assert from "node:assert/strict";
import fc from "fast-check";
import {
  entitiesOf,
  ownAccountProblems,
  receiverProblems,
  type Sharing,
  sharingProblems,
  volumeSuffix,
} from "../../../components/internal/sharingRules";
import { account, organization, receivers, unit } from "../../support/receivers";

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/11111111-2222-3333-4444-555555555555";
const RIGHT: Sharing = {
  imageIds: { "eu-west-1": "ami-0123456789abcdef0" },
  kmsKeyArns: { "eu-west-1": KEY },
  accounts: ["444455556666"],
};
const problems = (change: { [field: string]: unknown }) =>
  sharingProblems({ ...RIGHT, ...change }).problems.map(({ path, allowed }) => `${path}: ${allowed}`);

describe("whom images are shared with", () => {
  it("is anybody well-formed, each once; never everybody", () => {
    fc.assert(fc.property(receivers(), (given) => assert.deepEqual(receiverProblems(given), [])));
    const allowed = (given: object) => receiverProblems(given).map(({ path, allowed: text }) => `${path}: ${text}`);
    for (const field of ["accounts", "organizationArns", "organizationalUnitArns"]) {
      const [problem, ...others] = allowed({ [field]: ["all"] });
      assert.match(problem ?? "", new RegExp(`^${field}\\[0\\]: an .*: images are never made public$`));
      assert.deepEqual(others, []);
    }
    assert.deepEqual(allowed({ accounts: ["444455556666", "777788889999", "444455556666"] }), [
      "accounts[2]: each receiver once",
    ]);
  });

  it("is each once by what names the resource: an organisation has one ARN, whatever the account in it says", () => {
    const arn = (owner: string) => `arn:aws:organizations::${owner}:organization/o-a1b2c3d4e5`;
    const given = [arn("111122223333"), arn("444455556666")];
    assert.deepEqual(
      receiverProblems({ organizationArns: given }).map(({ path }) => path),
      ["organizationArns[1]"],
    );
  });

  it("is plain: what is known only later, or not a text, is refused and never thrown at", () => {
    for (const given of [undefined, null, 111122223333, Promise.resolve("111122223333"), {}, ["111122223333"]]) {
      const [problem, ...others] = receiverProblems({ accounts: [given as string] });
      assert.equal(problem?.path, "accounts[0]");
      assert.deepEqual(others, []);
    }
    fc.assert(
      fc.property(fc.array(fc.anything()), (accounts) => {
        const found = new Set(receiverProblems({ accounts: accounts as string[] }).map(({ path }) => path));
        accounts.forEach((given, i) => {
          if (typeof given !== "string" || !/^\d{12}$/.test(given)) assert.ok(found.has(`accounts[${i}]`));
        });
      }),
    );
  });

  it("has names of resources that never collide", () => {
    fc.assert(
      fc.property(receivers(), (given) => {
        const entities = entitiesOf(given);
        assert.equal(new Set(entities.map(({ id }) => id)).size, entities.length);
        for (const { kind, id } of entities) {
          assert.match(id, { account: /^\d{12}$/, organization: /^o-[a-z0-9]+$/, unit: /^ou-[a-z0-9-]+$/ }[kind]);
        }
      }),
    );
    assert.deepEqual(entitiesOf({}), []);
  });

  it("is not the images' own account", () => {
    fc.assert(
      fc.property(fc.uniqueArray(account, { maxLength: 5 }), account, (accounts, own) => {
        const at = accounts.indexOf(own);
        const paths = ownAccountProblems(accounts, own).map(({ path }) => path);
        assert.deepEqual(paths, at < 0 ? [] : [`accounts[${at}]`]);
      }),
    );
    assert.deepEqual(ownAccountProblems(["111122223333"], "111122223333"), [
      {
        path: "accounts[0]",
        given: "111122223333",
        allowed: "accounts other than the images' own",
        fix: "Remove it",
      },
    ]);
  });
});

describe("what is shared", () => {
  const noKey = 'kmsKeyArns["eu-west-1"]: the customer-managed key that the region\'s image is under';

  it("is right with a key for each region and somebody to share with", () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems({ accounts: undefined, organizationArns: [fc.sample(organization, 1)[0]] }), []);
    assert.deepEqual(problems({ accounts: [], organizationalUnitArns: [fc.sample(unit, 1)[0]] }), []);
    assert.deepEqual(problems({ imageIds: { "eu-west-1": Promise.resolve("x") } }), []);
    assert.deepEqual(problems({ kmsKeyArns: { "eu-west-1": Promise.resolve("x") } }), []);
    assert.deepEqual(problems({ imageIds: {}, kmsKeyArns: {} }), []);
  });

  it("is never under the AWS-managed key, nor under one that is not said", () => {
    assert.deepEqual(problems({ kmsKeyArns: {} }), [noKey]);
    for (const alias of ["alias/aws/ebs", "arn:aws:kms:eu-west-1:111122223333:alias/aws/ebs", "alias/aws/s3"]) {
      assert.deepEqual(problems({ kmsKeyArns: { "eu-west-1": alias } }), [noKey]);
    }
  });

  it("is under a key of its own region", () => {
    const elsewhere = KEY.replace("eu-west-1", "us-west-2");
    assert.deepEqual(problems({ kmsKeyArns: { "eu-west-1": elsewhere } }), [
      'kmsKeyArns["eu-west-1"]: a key of eu-west-1',
    ]);
    assert.deepEqual(problems({ kmsKeyArns: { "eu-west-1": KEY, "us-west-2": elsewhere } }), [
      'kmsKeyArns["us-west-2"]: keys of the regions of imageIds (eu-west-1)',
    ]);
    assert.deepEqual(problems({ kmsKeyArns: { "eu-west-1": "alias/mine" } }), [
      'kmsKeyArns["eu-west-1"]: a KMS key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID',
    ]);
  });

  it("is an image of a region", () => {
    assert.deepEqual(problems({ imageIds: { "eu-west-1": "ubuntu" } }), [
      'imageIds["eu-west-1"]: an image id such as ami-0123456789abcdef0',
    ]);
    const key = KEY.replace("eu-west-1", "europe");
    assert.deepEqual(problems({ imageIds: { europe: "ami-12345678" }, kmsKeyArns: { europe: key } }), [
      'imageIds["europe"]: a region\'s name such as eu-west-1',
    ]);
  });

  it("is shared with somebody, and with at most a thousand", () => {
    assert.deepEqual(problems({ accounts: [] }), [
      "accounts: at least one of accounts, organizationArns and organizationalUnitArns",
    ]);
    const many = (count: number) => Array.from({ length: count }, (_, i) => String(i).padStart(12, "0"));
    assert.deepEqual(problems({ accounts: many(1000) }), []);
    assert.deepEqual(problems({ accounts: many(1001) }), [
      "accounts: at most 1000 accounts, organisations and units together (AWS's quota for an image)",
    ]);
    const units = [fc.sample(unit, 1)[0]];
    assert.equal(problems({ accounts: many(1000), organizationalUnitArns: units }).length, 1);
  });

  it("has volumes with names of devices, each once, none of them called the root", () => {
    assert.deepEqual(problems({ volumes: ["/dev/sdf", "/dev/sdg", "xvdh"] }), []);
    assert.deepEqual(problems({ volumes: ["/dev/sdf", "sdf", "/dev/root", "/dev/sdf/x", 5] }), [
      "volumes[1]: each volume besides the root once",
      "volumes[2]: each volume besides the root once",
      "volumes[3]: a device name such as /dev/sdf or xvdf",
      "volumes[4]: a device name such as /dev/sdf or xvdf",
    ]);
    assert.deepEqual(["/dev/sdf", "xvdf"].map(volumeSuffix), ["sdf", "xvdf"]);
  });

  it("says everything at once", () => {
    const found = problems({ kmsKeyArns: {}, accounts: ["all", "1"], volumes: [""], imageIds: { "eu-west-1": "x" } });
    assert.equal(found.length, 5);
  });
});
