import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { COMMANDS } from "../../cli/commands";
import { Installed } from "./installed";

describe("what the installed package loads", function () {
  this.timeout(120_000);
  let installed: Installed;
  before(() => (installed = new Installed()));
  after(() => installed.remove());

  /** The package's own files, and others' packages, that running the code has loaded. */
  const loaded = async (
    code: string,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<{ own: string[]; packages: string[] }> => {
    const script = `${code}; process.once("exit", () => process.stderr.write("\\n" + JSON.stringify(Object.keys(require.cache))));`;
    const { stderr } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: installed.root, env }).catch(
      // Ended with another code than 0: what it has loaded is said all the same.
      (error: { stderr: string }) => error,
    );
    const files = JSON.parse(stderr.split("\n").at(-1) ?? "") as string[];
    const dist = path.join(installed.package, "dist") + path.sep;
    const own = files.filter((file) => file.startsWith(dist)).map((file) => file.slice(dist.length));
    const others = files.map(
      (file) => /node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file.replace(dist, ""))?.[1],
    );
    return { own, packages: [...new Set(others.filter((name) => name !== undefined))] };
  };

  it("is nothing of the command line or the simulation, for importing the components", async () => {
    const { own } = await loaded('require("pulumi-ami-lifecycle")');
    assert.ok(own.includes("index.js"));
    assert.deepEqual(
      own.filter((file) => /^(?:cli|simulation)[\\/]/.test(file)),
      [],
    );
  });

  it("is neither the SDK nor AWS nor a subcommand, for the list of subcommands", async () => {
    const main = JSON.stringify(path.join(installed.package, "dist/cli/main.js"));
    const { own, packages } = await loaded(`process.argv.push("main", "--help"); require(${main})`);
    assert.deepEqual(packages, []);
    assert.deepEqual(own.filter((file) => !file.startsWith("cli")).sort(), [
      "components/internal/nearest.js",
      "simulation/usageError.js",
    ]);
    assert.ok(!own.includes("cli/simulate.js"));
  });

  /** What running the command loads. */
  const loadedBy = (args: string[], env?: NodeJS.ProcessEnv) => {
    const main = JSON.stringify(path.join(installed.package, "dist/cli/main.js"));
    const argv = ["main", ...args].map((one) => JSON.stringify(one)).join(", ");
    return loaded(`process.argv.push(${argv}); require(${main})`, env);
  };

  it("is no Pulumi, for any subcommand but simulate", async () => {
    for (const name of Object.keys(COMMANDS).filter((one) => one !== "simulate")) {
      const { own, packages } = await loadedBy([name, "--help"]);
      assert.ok(own.includes(`cli/${name}.js`), name);
      assert.deepEqual(
        packages.filter((one) => /pulumi/.test(one)),
        [],
        name,
      );
    }
  });

  it("is the SDK, and no Pulumi, for asking AWS", async () => {
    const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
    // Nobody listens there.
    const AWS_ENDPOINT_URL = "http://127.0.0.1:9";
    const where = ["--line", "web", "--stack", "dev", "--region", "us-east-1", "--timeout", "1"];
    const { packages } = await loadedBy(["status", ...where], { ...env, AWS_ENDPOINT_URL });
    assert.ok(packages.includes("@aws-sdk/client-ssm"), packages.join(", "));
    assert.deepEqual(
      packages.filter((one) => /pulumi/.test(one)),
      [],
    );
  });

  it("is an executable command", async () => {
    const { bin } = JSON.parse(fs.readFileSync(path.join(installed.package, "package.json"), "utf8")) as {
      bin: object;
    };
    assert.deepEqual(bin, { "ami-lifecycle": "dist/cli/main.js" });
    const main = fs.readFileSync(path.join(installed.package, "dist/cli/main.js"), "utf8");
    assert.ok(main.startsWith("#!/usr/bin/env node\n"));
    assert.match((await installed.run(["--version"])).out, /^\d+\.\d+\.\d+\S*\n$/);
  });
});
