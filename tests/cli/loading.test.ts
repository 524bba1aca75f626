import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { Installed } from "./installed";

describe("what the installed package loads", function () {
  this.timeout(120_000);
  let installed: Installed;
  before(() => (installed = new Installed()));
  after(() => installed.remove());

  /** The package's own files, and others' packages, that running the code has loaded. */
  const loaded = async (code: string): Promise<{ own: string[]; packages: string[] }> => {
    const script = `${code}; process.once("exit", () => process.stderr.write("\\n" + JSON.stringify(Object.keys(require.cache))));`;
    const { stderr } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: installed.root });
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
