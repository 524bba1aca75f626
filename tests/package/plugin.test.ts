/** The packed package as a plugin for other languages, started as Pulumi's language host starts it. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import * as services from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ended, packed } from "../support/packed";

interface Client {
  getSchema(
    request: messages.GetSchemaRequest,
    done: (error: Error | null, answer?: messages.GetSchemaResponse) => void,
  ): void;
  close(): void;
}
const { ResourceProviderClient } = services as unknown as {
  ResourceProviderClient: new (address: string, credentials: grpc.ChannelCredentials) => Client;
};

describe("the package as a plugin", () => {
  let plugin: ChildProcess | undefined;
  let folder = "";

  before(async function () {
    this.timeout(120_000);
    const tarball = await packed();
    const home = join(dirname(tarball), "plugin");
    mkdirSync(home, { recursive: true });
    assert.equal((await ended(home, "tar", ["-xzf", tarball])).code, 0);
    folder = join(home, "package");
    symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  });
  after(() => plugin?.kill());

  it("serves schema.json", async function () {
    this.timeout(60_000);
    const run = require.resolve("@pulumi/pulumi/cmd/run-plugin");
    const started = spawn(process.execPath, [run, folder, "127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
    plugin = started;
    const port = await new Promise<string>((found, failed) => {
      started.stdout.once("data", (text: Buffer) => found(text.toString().trim()));
      started.once("exit", (code) => failed(new Error(`the plugin ended with ${code}`)));
    });
    assert.match(port, /^\d+$/);
    const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    const answer = await new Promise<messages.GetSchemaResponse | undefined>((got, failed) =>
      client.getSchema(new messages.GetSchemaRequest(), (error, value) => (error ? failed(error) : got(value))),
    );
    client.close();
    assert.equal(answer?.getSchema(), readFileSync("schema.json", "utf8"));
  });

  it("is a library all the same for whoever loads it by its folder", async () => {
    const { stdout } = await ended(folder, "node", ["-p", `typeof require(${JSON.stringify(folder)}).MachineImage`]);
    assert.equal(stdout.trim(), "function");
  });
});
