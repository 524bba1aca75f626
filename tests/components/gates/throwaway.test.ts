import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { emulator } from "../../support/emulator/emulator";
import { ec2Client } from "./scene";

describe("components/gates/kit/throwaway", () => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`terminates what is alive when the program gets ${signal}, then ends by it`, async function () {
      this.timeout(60_000);
      const aws = await emulator();
      await aws.reset();
      const script = join(__dirname, "throwawayChild.ts");
      const args = [
        "-r",
        "ts-node/register/transpile-only",
        script,
        aws.endpoint,
        await aws.baseImage(),
        await aws.subnet(),
      ];
      const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
      const [said] = (await once(child.stdout, "data")) as [Buffer];
      const id = said.toString().trim();
      child.kill(signal);
      const [, by] = (await once(child, "exit")) as [number | null, string | null];
      assert.equal(by, signal);
      const found = await ec2Client(aws).send(new DescribeInstancesCommand({ InstanceIds: [id] }));
      assert.match(found.Reservations?.[0]?.Instances?.[0]?.State?.Name ?? "", /shutting-down|terminated/);
    });
  }
});
