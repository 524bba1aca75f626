/** examples/: each a complete program, simulated as its user would, with the package installed. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../simulation/command";
import { type Data, Installed } from "./installed";

const EXAMPLES = join(ROOT, "examples");
const names = readdirSync(EXAMPLES).filter((name) => statSync(join(EXAMPLES, name)).isDirectory());

describe("examples", () => {
  let installed: Installed;
  before(function () {
    this.timeout(60_000);
    installed = new Installed();
  });
  after(() => installed.remove());

  it("are those that the README names", () => {
    const readme = readFileSync(join(ROOT, "README.md"), "utf8");
    assert.deepEqual(
      names.sort(),
      [
        ...["apache", "existing-network", "instances", "minimal", "multi-region", "node-app"],
        ...["server-cleaned", "template-from-instance", "web-fleet"],
      ].sort(),
    );
    for (const name of names) assert.ok(readme.includes(`examples/${name}`), name);
  });

  for (const name of names) {
    it(`${name} simulates without a problem`, async function () {
      this.timeout(60_000);
      const files = readdirSync(join(EXAMPLES, name)).map((file) => [
        file,
        readFileSync(join(EXAMPLES, name, file), "utf8"),
      ]);
      const directory = installed.program(name, Object.fromEntries(files) as { [file: string]: string });
      const { code, out, err } = await installed.run(["simulate", "--json"], directory);
      assert.equal(code, 0, out + err);
      const { problems, resources } = JSON.parse(out) as Data;
      assert.deepEqual(problems, []);
      assert.ok(resources.some(({ type }) => type === "aws:ec2/amiFromInstance:AmiFromInstance"));
    });
  }
});
