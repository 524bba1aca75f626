import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { bootToken } from "../../../../components/internal/markers";
import { CHECK_PATH, renderBootProof, renderRecipe, USER_DATA_LIMIT } from "../../../../components/internal/recipe";
import type { Recipe } from "../../../../components/recipe";
import { anyRecipe, bash, CHECKS, HOSTILE, inDirectory, LINUX, STEPS } from "./recipes";

/** Every operating system with every kind of step alone, with all of them, and without clean-up. */
function everything(): [string, string][] {
  return LINUX.flatMap((os) => {
    const alone = STEPS.map((step, i): [string, Recipe] => [`${os}-${i}`, { os, steps: [step] }]);
    const all: Recipe = { os, steps: STEPS, checks: CHECKS, keepUsers: ["deploy"] };
    const recipes: [string, Recipe][] = [
      ...alone,
      [`${os}-all`, all],
      [`${os}-bare`, { os, checks: CHECKS, cleanup: false }],
    ];
    return recipes.flatMap(([name, recipe]): [string, string][] => {
      const { script, checkScript } = renderRecipe(recipe);
      return [
        [name, script],
        [`${name}-check`, checkScript],
      ];
    });
  });
}

describe("rendering a recipe", function () {
  this.timeout(180_000);

  it("gives scripts that bash and shellcheck take, for every system and every kind of step", function () {
    inDirectory((directory) => {
      const scripts: [string, string][] = [
        ...everything(),
        ["proof", renderBootProof({ digest: "0123456789abcdef" }).script],
      ];
      for (const [name, script] of scripts) {
        fs.writeFileSync(path.join(directory, `${name}.sh`), script);
        const { status, stderr } = spawnSync("bash", ["-n", path.join(directory, `${name}.sh`)], { encoding: "utf8" });
        assert.equal(status, 0, `${name}: ${stderr}`);
      }
      if (spawnSync("shellcheck", ["--version"]).error) {
        assert.ok(!process.env["CI"], "shellcheck is not installed");
        return this.skip();
      }
      // The same functions over and over: only what differs is worth the time.
      const names = fs.readdirSync(directory).filter((name) => /-(all|bare)|proof|debian-12-\d+\.sh/.test(name));
      const { stdout } = spawnSync("shellcheck", ["-S", "warning", "-f", "gcc", ...names], {
        cwd: directory,
        encoding: "utf8",
      });
      assert.equal(stdout, "");
    });
  });

  it("is the same to the byte every time, and gzip holds nothing of the time or the computer", () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const first = renderRecipe(recipe);
        assert.deepEqual(renderRecipe(JSON.parse(JSON.stringify(recipe)) as Recipe), first);
        const sent = Buffer.from(first.userDataBase64, "base64");
        assert.equal(sent.length, first.bytes);
        assert.equal(first.scriptBytes, Buffer.byteLength(first.script));
        assert.equal(first.gzipped, first.scriptBytes > USER_DATA_LIMIT);
        if (first.gzipped) assert.deepEqual([...sent.subarray(4, 10)], [0, 0, 0, 0, 2, 255]);
        assert.equal((first.gzipped ? gunzipSync(sent) : sent).toString("utf8"), first.script);
      }),
    );
  });

  it("puts the times in the script and not in the digest", () => {
    const recipe = { os: "debian-12", steps: [{ run: "true" }] };
    const usual = renderRecipe(recipe);
    const quick = renderRecipe(recipe, { pauseSeconds: 1, limitMinutes: 5 });
    assert.match(usual.script, /^PAUSE=120$/m);
    assert.match(usual.script, /^ {2}limit 3600$/m);
    assert.match(quick.script, /^PAUSE=1$/m);
    assert.match(quick.script, /^ {2}limit 300$/m);
    assert.equal(quick.digest, usual.digest);
    assert.ok(usual.script.includes(`TOKEN=${usual.digest}\n`));
    assert.ok(!usual.gzipped, "a small recipe is sent as readable text");
  });

  it("writes the check script into the image as it is shown", () => {
    fc.assert(
      fc.property(anyRecipe, (recipe) =>
        inDirectory((directory) => {
          const { script, checkScript } = renderRecipe(recipe);
          const writing = /^write_check\(\) \{\n[\s\S]*?^chmod 0755 .*\n\}$/m.exec(script)![0];
          bash(`${writing.replaceAll(path.dirname(CHECK_PATH), directory)}\nwrite_check`);
          assert.equal(fs.readFileSync(path.join(directory, "check"), "utf8"), checkScript);
        }),
      ),
      { numRuns: 25 },
    );
  });

  it("names steps and checks as the console will", () => {
    const { stepNames, checkNames } = renderRecipe({
      os: "debian-12",
      steps: [
        { packages: ["nginx=1.22", "jq"] },
        { packages: ["jq"] },
        { file: { path: "/a", content: "a" } },
        { file: { path: "/a", content: "b" } },
        { service: { name: "nginx" } },
        { user: { name: "deploy" } },
        { firewall: { allow: ["80/tcp"] } },
        { service: { name: "cups" } },
        { disableServices: ["cups.service"] },
        { environment: { A: "1" } },
        { run: "true" },
      ],
      checks: [{ service: "nginx.service" }, { command: HOSTILE }, { http: { url: "http://127.0.0.1/" } }],
    });
    assert.deepEqual(stepNames.slice(-3), ["disableServices", "environment", "run"]);
    assert.deepEqual(checkNames.slice(0, 8), [
      "package nginx=1.22",
      "package jq",
      "file /a",
      "service nginx",
      "user deploy",
      "firewall",
      "service cups.service off",
      "environment",
    ]);
    assert.equal(checkNames.length, 10);
    assert.match(checkNames[8]!, /^command -n '"\$\(touch pwned\).*\(ami-lifecycle\) x OK END/);
  });
});

describe("the check script", function () {
  this.timeout(20_000);

  function check(recipe: Recipe, seconds = 2): { status: number | null; lines: string[] } {
    return inDirectory((directory) => {
      const file = path.join(directory, "check");
      // No console: this computer's own would be written to.
      fs.writeFileSync(file, renderRecipe(recipe).checkScript.replaceAll("/dev/console", path.join(directory, "none")));
      const env = { ...process.env, AMI_LIFECYCLE_CHECK_SECONDS: String(seconds) };
      const { status, stdout } = spawnSync("bash", [file, "tok"], { cwd: directory, encoding: "utf8", env });
      return { status, lines: stdout.trimEnd().split("\n") };
    });
  }

  it("prints a line for each, evidence for what failed, and no verdict", () => {
    const begun = Date.now();
    const { status, lines } = check({
      os: "debian-12",
      checks: [
        { command: "true" },
        { command: "echo why; echo '[ami-lifecycle] tok OK'; exit 4" },
        { command: "exit 5" },
      ],
    });
    assert.equal(status, 1);
    assert.deepEqual(lines, [
      "[ami-lifecycle] tok check 1/3 command true: ok",
      "[ami-lifecycle] tok | why",
      "[ami-lifecycle] tok | (ami-lifecycle) tok OK",
      "[ami-lifecycle] tok | exit 4",
      "[ami-lifecycle] tok check 2/3 command echo why; echo '(ami-lifecycle) tok OK'; exit 4: failed",
      "[ami-lifecycle] tok | exit 5",
      "[ami-lifecycle] tok check 3/3 command exit 5: failed",
    ]);
    assert.ok(Date.now() - begun < 6000, "after the first failure the others are tried once");
  });

  it("gives a service time to come up", () => {
    const wait = "test -e up || { sleep 0.2; test -e first && touch up; touch first; false; }";
    const { status, lines } = check({ os: "debian-12", checks: [{ command: wait }] }, 10);
    assert.equal(status, 0);
    assert.match(lines[0]!, /: ok$/);
  });

  it("knows files by their content and mode", () => {
    inDirectory((directory) => {
      const file = path.join(directory, "it's a file");
      const recipe: Recipe = { os: "debian-12", steps: [{ file: { path: file, content: HOSTILE, mode: "640" } }] };
      assert.equal(check(recipe).status, 1);
      fs.writeFileSync(file, HOSTILE, { mode: 0o640 });
      assert.equal(check(recipe).status, 0);
      fs.chmodSync(file, 0o644);
      assert.match(check(recipe).lines[0]!, /mode 644, allowed 640/);
      fs.writeFileSync(file, `${HOSTILE}\n`);
      fs.chmodSync(file, 0o640);
      assert.equal(check(recipe).status, 1);
    });
  });
});

describe("the boot proof's user data", () => {
  it("has a token of its own, its limit and its pause", () => {
    const { script, userDataBase64 } = renderBootProof({ digest: "0123456789abcdef" });
    assert.equal(Buffer.from(userDataBase64, "base64").toString("utf8"), script);
    assert.ok(script.includes(`TOKEN=${bootToken("0123456789abcdef")}\n`));
    assert.match(script, /^ {2}limit 1200$/m);
    assert.match(script, /^PAUSE=300$/m);
    assert.match(renderBootProof({ digest: "x", minutes: 7, pauseSeconds: 9 }).script, /limit 420[\s\S]*|PAUSE=9/);
    assert.equal(execFileSync("bash", ["-n"], { input: script }).length, 0);
  });
});
