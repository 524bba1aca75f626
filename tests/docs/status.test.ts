/**
 * docs/guides/status.md: its consoles are what the command prints, against the emulator. Ids are another's each time.
 * `UPDATE_GOLDEN=1` writes them anew.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { StartInstanceRefreshCommand } from "@aws-sdk/client-auto-scaling";
import { DeregisterImageCommand } from "@aws-sdk/client-ec2";
import { run } from "../../cli/status";
import { DRIFT_KINDS } from "../../cli/status/sentences";
import { reportOf } from "../../cli/status/report";
import { captured } from "../cli/servers";
import { AWAY, type RegionScene, whole } from "../cli/statusScene";
import { type Emulator, emulator } from "../support/emulator/emulator";

const ROOT = resolve(__dirname, "../..");
const GUIDE = join(ROOT, "docs/guides/status.md");
const COMMAND = "$ npx ami-lifecycle status";

describe("the guide to status", function () {
  this.timeout(60_000);
  let aws: Emulator;
  before(async function () {
    this.timeout(300_000);
    aws = await emulator();
  });
  beforeEach(() => aws.reset());

  const guide = readFileSync(GUIDE, "utf8");
  const blocks = [...guide.matchAll(/^```console\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text);
  let updated = guide;
  const withoutIds = (text: string) => text.replaceAll(/\b(ami|lt|i)-[0-9a-f]{17}\b/g, "$1-…");

  async function upgrading(home: RegionScene): Promise<void> {
    await home.image("1.2.0");
    await home.parameters({ current: "1.1.0", previous: "1.0.0", candidate: "1.2.0" });
    await home.templateVersion("1.2.0");
    aws.refresh(home.group, { stepMs: 60_000 });
    const to = { LaunchTemplate: { LaunchTemplateId: home.template, Version: "2" } };
    await home.autoScaling.send(
      new StartInstanceRefreshCommand({ AutoScalingGroupName: home.group, DesiredConfiguration: to }),
    );
    aws.advance(125_000);
  }

  /** What is so before each of the consoles, in their order. */
  const SCENES: ((home: RegionScene, away: RegionScene) => unknown)[] = [
    () => undefined,
    upgrading,
    async (home, away) => {
      await away.put("current", away.images["1.0.0"]!);
      await home.ec2.send(new DeregisterImageCommand({ ImageId: home.images["1.0.0"] }));
    },
    () =>
      aws.fault({
        action: "DescribeInstances",
        region: AWAY,
        error: "ServiceUnavailable",
        message: "Service Unavailable",
      }),
  ];

  for (const [at, block] of blocks.entries()) {
    const [first = "", ...rest] = block.split("\n");
    it(`shows what is printed: ${first}`, async () => {
      assert.ok(first.startsWith(COMMAND));
      const { home, away } = await whole(aws);
      await SCENES[at]?.(home, away);
      const { out } = await captured(aws, run, first.slice(COMMAND.length).split(" ").slice(1));
      updated = updated.replace(block, () => `${first}\n${out.trimEnd()}`);
      if (!process.env.UPDATE_GOLDEN) assert.equal(withoutIds(rest.join("\n")), withoutIds(out.trimEnd()));
    });
  }

  it("has a console of each scene", () => {
    assert.equal(blocks.length, SCENES.length);
    if (process.env.UPDATE_GOLDEN) writeFileSync(GUIDE, updated);
  });

  it("names every kind of drift, and every field of the data", () => {
    const told = [...guide.matchAll(/^\| `([a-z]+(?:-[a-z]+)+)` +\|/gm)].map(([, kind]) => kind);
    assert.deepEqual(told, [...DRIFT_KINDS]);
    const fields = Object.keys(reportOf({ line: "web", stack: "dev" }, []));
    assert.deepEqual(
      fields.filter((field) => !guide.includes(`\`${field}\``)),
      [],
    );
  });
});
