/** A stack while one of its regions answers nothing: `ami-lifecycle:lostRegion`. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Run } from "../support/mocks";
import { all, only } from "../support/reading";
import { type Changes, problems, stack } from "./prodStack";

const WHOLE: Changes = { copyTo: ["us-west-2"], recovery: { region: "us-west-2" } };
const LOST: Changes = { ...WHOLE, lostRegion: "us-east-1", "aws:region": "us-west-2" };

/** Look-ups without a region of their own: the provider's, which is a live one, answers them. */
const OF_THE_PROVIDER = /:(getCallerIdentity|getPartition)$/;

const DNS = { hostedZoneId: "Z0123456789ABCDEFGHIJ", name: "www.example.com" };

/** `--exclude` of the guide, as the engine reads it: `**` is anything. */
const guide = readFileSync(resolve(__dirname, "../../docs/guides/region-lost.md"), "utf8");
const patterns = [...guide.matchAll(/--exclude '([^']+)'/g)].map(
  ([, glob = ""]) =>
    new RegExp(`^${glob.split("**").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`), // prettier-ignore
);
const isExcluded = (urn: string) => patterns.some((pattern) => pattern.test(urn));

const urns = (run: Run) => run.resources.map(({ urn }) => urn).sort();
const regionOf = ({ inputs }: Run["resources"][number]) => inputs.region ?? "of the provider";

describe("a stack whose home region is lost", () => {
  let whole: Run;
  let lost: Run;
  before(async () => {
    whole = await stack({ ...WHOLE, activeRegion: "us-west-2" });
    lost = await stack(LOST);
  });

  it("has nothing there, and looks nothing up there", () => {
    const regional = lost.resources.filter(({ custom, type }) => custom && !/^(aws:iam|pulumi:)/.test(type));
    assert.ok(regional.length > 20);
    assert.deepEqual([...new Set(regional.map(regionOf))], ["us-west-2"]);
    assert.ok(lost.lookups.length > 0);
    assert.deepEqual(
      lost.lookups.filter(({ token, args }) => !OF_THE_PROVIDER.test(token) && args.region !== "us-west-2"),
      [],
    );
  });

  it("keeps the names of all else, so that nothing is made anew: the guide's patterns name what is left out", async () => {
    const more = {
      ...{ dns: DNS, imageKeys: true, shareWith: { accounts: ["444455556666"] }, network: {} },
      recovery: { region: "us-west-2", strategy: "warm-standby" },
    };
    for (const changes of [{}, more]) {
      const before = urns(await stack({ ...WHOLE, ...changes, activeRegion: "us-west-2" }));
      const now = urns(await stack({ ...LOST, ...changes }));
      assert.deepEqual(
        now.filter((urn) => !before.includes(urn)),
        [],
      );
      const gone = before.filter((urn) => !now.includes(urn));
      assert.ok(gone.length > 20);
      assert.deepEqual(before.filter(isExcluded), gone);
    }
  });

  it("has inputs of all else as before: the copies, the group, the records", () => {
    const inputs = (run: Run) =>
      urns(lost).map((urn) => {
        const found = run.resources.find((one) => one.urn === urn);
        return found?.custom ? [urn, found.inputs] : [urn];
      });
    assert.deepEqual(inputs(lost), inputs(whole));
  });

  it("has the recovery region serve, without a further line of config", () => {
    assert.equal(only(lost, "aws:autoscaling:Group").inputs.minSize, 2);
    only(lost, "aws:ssm:Parameter", "web-us-west-2-live");
    assert.equal(lost.outputs.activeRegion, "us-west-2");
    assert.equal(lost.outputs.region, "us-east-1");
    assert.ok(lost.outputs.groupName);
    assert.ok(lost.outputs.url);
    assert.deepEqual([lost.outputs.liveParameter, lost.outputs.connect], [undefined, undefined]);
  });

  it("moves the pointers behind what serves", () => {
    const { dependsOn } = only(lost, "aws:ssm:Parameter", "web-us-west-2-current");
    assert.ok(dependsOn.includes("web-us-west-2-recovery"), dependsOn.join(", "));
  });

  it("leaves the records of Route 53 alone: they lead there by health", async () => {
    assert.deepEqual(urns(await stack({ ...LOST, dns: DNS })), urns(lost));
  });

  it("has the keys of the other regions, and shares images there only", async () => {
    const more = { imageKeys: true, shareWith: { accounts: ["444455556666"] } };
    const run = await stack({ ...LOST, ...more });
    assert.deepEqual(all(run, "aws:kms:Key").map(regionOf), ["us-west-2"]);
    assert.deepEqual(all(run, "aws:ec2:AmiLaunchPermission").map(regionOf), ["us-west-2"]);
    const given = Object.fromEntries(
      ["us-east-1", "us-west-2"].map((at) => [at, `arn:aws:kms:${at}:111122223333:key/${at}`]),
    );
    const own = await stack({ ...LOST, kmsKeyArns: given });
    assert.equal(only(own, "aws:ec2:AmiCopy").inputs.kmsKeyId, given["us-west-2"]);
  });

  it("goes on with the further fleets", async () => {
    const run = await stack({ ...LOST, recovery: undefined, fleetRegions: ["us-west-2"] });
    assert.deepEqual(
      all(run, "AutoScalingFleet").map(({ name }) => name),
      ["web-us-west-2"],
    );
    const { dependsOn } = only(run, "aws:ssm:Parameter", "web-us-west-2-current");
    assert.ok(dependsOn.includes("web-us-west-2-live"), dependsOn.join(", "));
  });
});

describe("a stack that has lost another region", () => {
  it("goes on at home", async () => {
    const run = await stack({ ...WHOLE, lostRegion: "us-west-2" });
    const named = run.resources.filter(({ custom, type }) => custom && !/^(aws:iam|pulumi:)/.test(type));
    assert.deepEqual(
      named.filter((one) => regionOf(one) === "us-west-2"),
      [],
    );
    assert.equal(all(run, "RecoveryRegion").length, 0);
    only(run, "aws:ssm:Parameter", "web-live");
  });
});

describe("a lost region", () => {
  for (const [what, changes, paths] of [
    ["no region", { lostRegion: "home" }, ["ami-lifecycle:lostRegion"]],
    ["while the provider still works there", { "aws:region": "us-east-1" }, ["aws:region"]],
    ["while the provider works where there is nothing", { "aws:region": "sa-east-1" }, ["aws:region"]],
    ["that is to serve", { activeRegion: "us-east-1" }, ["ami-lifecycle:activeRegion"]],
    ["whose images are not protected", { protect: false }, ["ami-lifecycle:protect"]],
    ["that nothing stands in for", { recovery: undefined }, ["ami-lifecycle:lostRegion"]],
  ] as [string, Changes, string[]][]) {
    it(`is refused: ${what}`, () => assert.deepEqual(problems({ ...LOST, ...changes }), paths));
  }

  it("is refused at dev's home, which bakes there", () => {
    const recipe = { os: "ubuntu-24.04", steps: [{ packages: ["nginx"] }] };
    const dev = { environment: "dev", source: undefined, protect: true, minSize: 1, recipe };
    assert.deepEqual(problems({ ...LOST, ...dev }), ["ami-lifecycle:lostRegion"]);
  });
});
