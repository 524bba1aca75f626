import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { COMMANDS } from "../../cli/commands";
import { ROOT, type Run } from "../simulation/command";

/** Runs the command from the sources. */
function command(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Omit<Run, "seconds">> {
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, npm_lifecycle_event: "test", ...env } };
    execFile(process.execPath, [path.join(ROOT, "cli/fromSources.cjs"), ...args], options, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe("the ami-lifecycle command", function () {
  this.timeout(60_000);

  it("lists its subcommands", async () => {
    const help = await command(["--help"]);
    assert.deepEqual([help.code, help.err], [0, ""]);
    assert.match(help.out, /^Usage: ami-lifecycle COMMAND \[options\]$/m);
    const lines = help.out.split("\n").map((line) => line.trim().replace(/ {2,}/, "  "));
    for (const [name, { summary }] of Object.entries(COMMANDS)) assert.ok(lines.includes(`${name}  ${summary}`), name);
    assert.ok(help.out.split("\n").every((line) => line.length <= 100));
  });

  it("knows its version", async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
    assert.deepEqual(await command(["--version"]), { code: 0, out: `${version}\n`, err: "" });
  });

  it("names the nearest of an unknown subcommand, with exit code 2", async () => {
    const [near, far, none, option, inherited] = await Promise.all(
      [["simulat"], ["frobnicate"], [], ["--stack"], ["toString"]].map((args) => command(args)),
    );
    const error = (text: string) => ({ code: 2, out: "", err: `${text}\nSee ami-lifecycle --help\n` });
    assert.deepEqual(near, error('There is no command "simulat". Did you mean "simulate"?'));
    assert.deepEqual(far, error('There is no command "frobnicate".'));
    assert.deepEqual(none, error("Which command?"));
    assert.deepEqual(option, error('There is no option "--stack".'));
    assert.deepEqual(inherited, error('There is no command "toString".'));
  });

  it("points to the help in the words that were used", async () => {
    const [direct, npm, script] = await Promise.all([
      command(["simulate", "--nope"]),
      command(["simulate", "--nope"], { npm_lifecycle_event: "simulate" }),
      command(["release"], { npm_lifecycle_event: "ami-lifecycle" }),
    ]);
    assert.deepEqual([direct.code, npm.code, script.code], [2, 2, 2]);
    assert.equal(script.err, "Which version?\nSee npm run ami-lifecycle -- release --help\n");
    assert.match(direct.err, /^Unknown option '--nope'.*\nSee ami-lifecycle simulate --help\n$/);
    assert.match(npm.err, /\nSee npm run simulate -- --help\n$/);
  });

  it("has a help of each subcommand, of at most 100 columns", async () => {
    for (const name of Object.keys(COMMANDS)) {
      const { code, out } = await command([name, "--help"]);
      assert.equal(code, 0, name);
      assert.match(out, new RegExp(`^Usage: ami-lifecycle ${name} `, "m"));
      assert.ok(out.split("\n").every((line) => line.length <= 100));
    }
  });

  it("ends quietly when its reader has had enough", async () => {
    // The reader closes its end before anything is written.
    const script = `set -o pipefail; node ${path.join(ROOT, "cli/fromSources.cjs")} --help 2>&1 >&3 3>&- | cat; echo done`;
    const { code, out, err } = await new Promise<Omit<Run, "seconds">>((resolve) =>
      execFile("bash", ["-c", `exec 3> >(exec <&-; sleep 1); sleep 0.2; ${script}`], (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), out: stdout, err: stderr }),
      ),
    );
    assert.deepEqual({ code, out, err }, { code: 0, out: "done\n", err: "" });
  });
});
