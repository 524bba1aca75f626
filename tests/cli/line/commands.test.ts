import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadStack, checkText } from "../../../cli/line/stack";
import { Refusal } from "../../../cli/line/refusal";
import { projectOf, run, type Ran } from "./running";

const DEV = `config:
  aws:region: us-east-1
  ami-lifecycle:versions: [1.0.0, 1.1.0] # oldest first
  ami-lifecycle:current: 1.1.0
  ami-lifecycle:recipe: { os: ubuntu-24.04, steps: [{ packages: [nginx] }] }
`;
const PROD = `config:
  aws:region: us-east-1
  ami-lifecycle:source: organization/shop/dev
  ami-lifecycle:versions:
    - 1.0.0
    - 1.1.0 # hotfix
    - 1.2.0
  ami-lifecycle:current: 1.1.0
`;

describe("the commands about a line", () => {
  let root = "";
  beforeEach(() => (root = projectOf({ "Pulumi.dev.yaml": DEV, "Pulumi.prod.yaml": PROD })));
  afterEach(() => fs.rmSync(root, { recursive: true }));

  const file = (stack: string) => path.join(root, `Pulumi.${stack}.yaml`);
  const read = (stack: string) => fs.readFileSync(file(stack), "utf8");
  const edit = (name: string, ...args: string[]) => run(name, ...args, "--cwd", root, "--no-simulate");
  const done = (out: string): Ran => ({ code: 0, out, err: "" });
  const refused = (err: string): Ran => ({ code: 1, out: "", err });

  it("release adds a version, shows the difference and says what to type next", async () => {
    assert.deepEqual(
      await edit("release", "1.2.0"),
      done(`web: 1.2.0 is added and becomes current, instead of 1.1.0.
1.1.0 must be there by now, by a green \`pulumi up\`: only the newest version is baked.

--- Pulumi.dev.yaml
+++ Pulumi.dev.yaml
@@ -1,5 +1,5 @@
 config:
   aws:region: us-east-1
-  ami-lifecycle:versions: [1.0.0, 1.1.0] # oldest first
-  ami-lifecycle:current: 1.1.0
+  ami-lifecycle:versions: [1.0.0, 1.1.0, 1.2.0] # oldest first
+  ami-lifecycle:current: 1.2.0
   ami-lifecycle:recipe: { os: ubuntu-24.04, steps: [{ packages: [nginx] }] }

Next: pulumi up --stack dev --cwd ${root}
`),
    );
    assert.equal(
      read("dev"),
      DEV.replace("1.0.0, 1.1.0]", "1.0.0, 1.1.0, 1.2.0]").replace("current: 1.1.0", "current: 1.2.0"),
    );
  });

  it("release --candidate and --dry-run", async () => {
    const { out, code } = await edit("release", "1.3.0", "--candidate", "--dry-run", "--stack", "prod");
    assert.equal(code, 0);
    assert.match(out, /^web: 1\.3\.0 is added as a candidate; current stays 1\.1\.0\.\n/);
    assert.match(out, /\n {5}- 1\.2\.0\n\+ {4}- 1\.3\.0\n {3}ami-lifecycle:current: 1\.1\.0\n/);
    assert.match(out, /\nNothing was written \(--dry-run\)\.\n$/);
    assert.equal(read("prod"), PROD);
  });

  it("rollback goes to the version before", async () => {
    const { out, code } = await edit("rollback", "--stack", "prod");
    assert.equal(code, 0);
    assert.match(out, /^web: current moves back from 1\.1\.0 to 1\.0\.0\.\n/);
    assert.equal(read("prod"), PROD.replace("current: 1.1.0", "current: 1.0.0"));
    const again = await edit("rollback", "--stack", "prod");
    assert.deepEqual(
      again,
      refused("web: there is no version before 1.0.0 to roll back to; kept: 1.0.0, 1.1.0, 1.2.0.\n"),
    );
    assert.equal((await edit("rollback", "1.2.0", "--stack", "prod")).code, 0);
    assert.equal(read("prod"), PROD.replace("current: 1.1.0", "current: 1.2.0"));
  });

  it("retire removes versions, and says what protection makes of it", async () => {
    assert.deepEqual(
      await edit("retire", "1.0.0", "--stack", "prod"),
      done(`web: 1.0.0 is retired.
Once \`pulumi up\` has deleted its images, they can be restored from the Recycle Bin for 14 days
(\`recycleBinDays\`).
If the last \`pulumi up\` was not green, the fleet may still run 1.0.0: bring it up first, without
this edit.
If 1.0.0 was current or previous at the last green \`pulumi up\`, its images are still protected. Then
it takes two: \`pulumi up\` with the version kept and neither current nor previous, and another one
without it. Else \`pulumi up\` refuses: a resource “cannot be deleted because it is protected”.

--- Pulumi.prod.yaml
+++ Pulumi.prod.yaml
@@ -2,7 +2,6 @@
   aws:region: us-east-1
   ami-lifecycle:source: organization/shop/dev
   ami-lifecycle:versions:
-    - 1.0.0
     - 1.1.0 # hotfix
     - 1.2.0
   ami-lifecycle:current: 1.1.0

Next: pulumi up --stack prod --cwd ${root}
`),
    );
    assert.equal(read("prod"), PROD.replace("    - 1.0.0\n", ""));
  });

  it("retire takes an adopted version's entry with it", async () => {
    const adopt = "  ami-lifecycle:adopt:\n    1.0.0: ami-0123456789abcdef0\n";
    fs.writeFileSync(file("dev"), DEV + adopt);
    const { out } = await edit("retire", "1.0.0");
    assert.match(out, /\n1\.0\.0 was adopted: its image is not deleted, and its entry in `adopt` is removed\.\n/);
    assert.equal(read("dev"), DEV.replace("1.0.0, 1.1.0]", "1.1.0]"));
  });

  it("retire takes the entry in `images` with it, which would be of no version", async () => {
    const of = (version: string) =>
      `    ${version}: { imageId: ami-0123456789abcdef0, region: us-east-1, owner: "111122223333",` +
      " recipeDigest: 0123456789abcdef, architecture: arm64 }\n";
    const images = ["1.0.0", "1.1.0", "1.2.0"].map(of);
    const text = PROD.replace(
      "  ami-lifecycle:source: organization/shop/dev\n",
      `  ami-lifecycle:images:\n${images.join("")}`,
    );
    fs.writeFileSync(file("prod"), text);
    const { code, err } = await edit("retire", "1.0.0", "--stack", "prod");
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(read("prod"), text.replace("    - 1.0.0\n", "").replace(images[0]!, ""));
  });

  it("retire and release mend a line that is longer than `keep`; what comes out must not be", async () => {
    const text = PROD.replace("    - 1.0.0\n", "    - 0.8.0\n    - 0.9.0\n    - 1.0.0\n") + "  ami-lifecycle:keep: 3\n";
    fs.writeFileSync(file("prod"), text);
    const half = await edit("retire", "0.8.0", "--stack", "prod");
    assert.equal(half.code, 1);
    assert.match(half.err, /would be wrong with this edit:[^]*got 4, allowed is at most 3 versions \(`keep`\)/);
    const moved = await edit("release", "1.2.0", "--stack", "prod");
    assert.match(moved.err, /would be wrong with this edit:[^]*got 5, allowed is at most 3/);
    const other = await edit("rollback", "--stack", "prod");
    assert.match(other.err, /is wrong already:[^]*Remove the oldest:\s+0\.8\.0, 0\.9\.0/);
    assert.equal(read("prod"), text);
    assert.equal((await edit("retire", "0.8.0", "0.9.0", "--stack", "prod")).code, 0);
    assert.equal(read("prod"), PROD + "  ami-lifecycle:keep: 3\n");
    fs.writeFileSync(file("prod"), text);
    const added = await edit("release", "1.3.0", "--candidate", "--stack", "prod");
    assert.deepEqual([added.code, added.err], [0, ""]);
    assert.match(read("prod"), /versions:\n {4}- 1\.0\.0\n {4}- 1\.1\.0 # hotfix\n {4}- 1\.3\.0\n/);
  });

  it("leave a file untouched when there is nothing to do, or when it is refused", async () => {
    const before = fs.statSync(file("dev"), { bigint: true });
    assert.deepEqual(await edit("release", "1.1.0"), done("web: 1.1.0 is current already: nothing to do.\n"));
    assert.deepEqual(
      await edit("release", "1.0.0", "--candidate"),
      done("web: 1.0.0 is kept already: nothing to do.\n"),
    );
    assert.deepEqual(await edit("rollback", "1.1.0"), done("web: 1.1.0 is current already: nothing to do.\n"));
    assert.deepEqual(
      await edit("release", "1.0.5"),
      refused("web: 1.0.5 comes before 1.1.0, the newest kept: only a version after it can be new.\n"),
    );
    assert.deepEqual(
      await edit("retire", "1.1.0"),
      refused(
        "web: 1.1.0 is current: the fleet runs it. Move current first (`ami-lifecycle release` or\n`rollback`), run" +
          " `pulumi up`, then retire it.\n",
      ),
    );
    const after = fs.statSync(file("dev"), { bigint: true });
    assert.deepEqual([after.mtimeNs, after.ino], [before.mtimeNs, before.ino]);
    assert.deepEqual(fs.readdirSync(root).sort(), ["Pulumi.dev.yaml", "Pulumi.prod.yaml", "Pulumi.yaml"]);
  });

  it("keep the mode, a link, and the place that stackConfigDir names", async () => {
    fs.writeFileSync(path.join(root, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nstackConfigDir: stacks\n");
    fs.mkdirSync(path.join(root, "stacks"));
    fs.renameSync(file("dev"), path.join(root, "real.yaml"));
    fs.chmodSync(path.join(root, "real.yaml"), 0o640);
    fs.symlinkSync("../real.yaml", path.join(root, "stacks/Pulumi.dev.yaml"));
    const { out, code } = await edit("release", "1.0.0");
    assert.equal(code, 0);
    assert.match(out, /^--- stacks\/Pulumi\.dev\.yaml$/m);
    assert.ok(fs.lstatSync(path.join(root, "stacks/Pulumi.dev.yaml")).isSymbolicLink());
    const { mode } = fs.statSync(path.join(root, "real.yaml"));
    assert.equal(mode & 0o777, 0o640);
    assert.equal(
      fs.readFileSync(path.join(root, "real.yaml"), "utf8"),
      DEV.replace("current: 1.1.0", "current: 1.0.0"),
    );
  });

  it("refuse a stack whose config does not drive a line", async () => {
    fs.writeFileSync(file("dev"), "config:\n  shop:size: 3\n");
    const message =
      "Pulumi.dev.yaml: the stack dev of shop has no ami-lifecycle:versions and no ami-lifecycle:current:\n" +
      "its program is not driven by them.\n";
    assert.deepEqual(await edit("release", "1.2.0"), refused(message));
    assert.deepEqual(await run("versions", "--cwd", root), refused(message));
  });

  it("refuse a line that is wrong already, with the program's own words", async () => {
    fs.writeFileSync(file("dev"), DEV.replace("current: 1.1.0", "current: 9.0.0"));
    const { code, err } = await edit("release", "1.2.0");
    assert.equal(code, 1);
    assert.match(err, /^Pulumi\.dev\.yaml is wrong already:\n {2}- ami-lifecycle:current: got "9\.0\.0", /);
  });

  it("refuse an edit that the program would refuse", async () => {
    const adopted = "  ami-lifecycle:adopt: { 1.0.0: ami-0123456789abcdef0, 1.1.0: ami-0123456789abcdef1 }\n";
    const text = DEV.replace(/ {2}ami-lifecycle:recipe:.*\n/, adopted);
    fs.writeFileSync(file("dev"), text);
    assert.deepEqual(
      await edit("release", "1.2.0"),
      refused(
        "Pulumi.dev.yaml would be wrong with this edit:\n  - ami-lifecycle:recipe: allowed is what goes into the image," +
          " or a server to take it of\n    (`fromInstanceId`). Set it: os, steps, checks.\n",
      ),
    );
    assert.equal(read("dev"), text);
  });

  it("refuse what only the edit makes wrong, and nothing else that a program of one's own may have", () => {
    fs.writeFileSync(file("dev"), `${DEV}  ami-lifecycle:colour: red\n`);
    const stack = loadStack(root, "dev");
    assert.match(stack.others.join(), /^ami-lifecycle:colour: /);
    checkText(stack, `${DEV}  ami-lifecycle:colour: red\n`);
    assert.throws(
      () => checkText(stack, DEV.replace("[1.0.0, 1.1.0]", "[1.1.0, 1.0.0]")),
      (error: Error) => error instanceof Refusal && /versions\[1\]: got "1\.0\.0"/.test(error.message),
    );
    assert.throws(() => checkText(stack, `${DEV}  ami-lifecycle:size: 1\n`), /ami-lifecycle:size/);
  });

  it("work for programs of any runtime, which are not all simulated", async () => {
    fs.writeFileSync(path.join(root, "Pulumi.yaml"), "name: shop\nruntime: yaml\n");
    assert.equal((await edit("release", "1.2.0")).code, 0);
    assert.match(read("dev"), /1\.2\.0\]/);
  });

  it("refuse an alias, and leave the file", async () => {
    const text = DEV.replace("config:", "x: &v [1.0.0, 1.1.0]\nconfig:").replace("[1.0.0, 1.1.0] #", "*v #");
    fs.writeFileSync(file("dev"), text);
    assert.deepEqual(await edit("release", "1.2.0"), {
      code: 1,
      out: "",
      err: "Pulumi.dev.yaml: ami-lifecycle:versions is written in a way that this command does not change: it is\nan alias (`*`).\n",
    });
    assert.equal(read("dev"), text);
  });

  it("are called in one way only", async () => {
    const wrong = (err: string): Ran => ({ code: 2, out: "", err: `${err}\n` });
    assert.deepEqual(await run("release"), wrong("Which version?"));
    assert.deepEqual(await run("release", "1.0.0", "1.1.0"), wrong("One version at a time."));
    assert.deepEqual(await run("rollback", "1.0.0", "1.1.0"), wrong("One version at most."));
    assert.deepEqual(await run("retire"), wrong("Which version?"));
    assert.deepEqual(
      await run("release", "1.2"),
      wrong('"1.2" is no version: MAJOR.MINOR.PATCH, such as 1.4.0 or 2.0.0-rc.1.'),
    );
    assert.match((await run("retire", "1.0.0", "--candidate")).err, /^Unknown option '--candidate'/);
    assert.match((await run("versions", "1.0.0", "--cwd", root)).err, /^Unexpected argument '1\.0\.0'/);
    const none = wrong('The stack "test" has no Pulumi.test.yaml. Stacks with one: dev, prod.');
    assert.deepEqual(await edit("release", "1.2.0", "--stack", "test"), none);
  });

  it("versions lists them, from config only", async () => {
    assert.deepEqual(
      await run("versions", "--stack", "prod", "--cwd", root),
      done(`web in prod: 3 kept; current and previous are protected

  1.0.0  previous
  1.1.0  current
  1.2.0  candidate, newest

From Pulumi.prod.yaml only: nobody was asked what is baked, proven or running.
`),
    );
    const { out } = await run("versions", "--json", "--cwd", root);
    assert.deepEqual(JSON.parse(out), {
      ...{ version: 1, project: "shop", stack: "dev", file: "Pulumi.dev.yaml", line: "web", protect: false },
      pointers: { current: "1.1.0", candidate: "1.1.0", previous: "1.0.0" },
      versions: [
        { version: "1.0.0", roles: ["previous"] },
        { version: "1.1.0", roles: ["current", "newest"] },
      ],
    });
  });
});
