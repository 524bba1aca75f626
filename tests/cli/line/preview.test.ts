/** What `pulumi up` will do, when it cannot be shown. (docs/guides/release.md has what is shown.) */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { ROOT } from "../../simulation/command";
import { projectOf, type Ran } from "./running";

const STACK =
  "config:\n  aws:region: us-east-1\n  ami-lifecycle:versions: [1.0.0, 1.1.0]\n  ami-lifecycle:current: 1.1.0\n";

describe("a release of a program that cannot be simulated", function () {
  this.timeout(60_000);
  let root = "";
  afterEach(() => fs.rmSync(root, { recursive: true }));

  /** `rollback` in a project of its own, with this repository's packages or with none. */
  const rollback = (files: { [file: string]: string }, hasPackages: boolean): Promise<Ran> => {
    root = projectOf({ "Pulumi.dev.yaml": STACK, "package.json": "{}", ...files });
    if (hasPackages) fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(root, "node_modules"));
    const command = [path.join(ROOT, "cli/fromSources.cjs"), "rollback"];
    return new Promise((resolve) => {
      execFile(process.execPath, command, { cwd: root }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  };
  const end = ({ code, out, err }: Ran) => [code, err, out.split("\n").slice(-5).join("\n")];
  const said = (why: string) => [
    0,
    "",
    `\nWhat \`pulumi up\` will do is not shown: ${why}.\n\nNext: pulumi up --stack dev\n`,
  ];

  it("is written all the same, and says why: it was wrong before", async () => {
    assert.deepEqual(
      end(await rollback({ "index.js": 'throw new Error("always");' }, true)),
      said("the program had errors before this edit; `ami-lifecycle simulate --stack dev` shows what it says now"),
    );
    assert.match(fs.readFileSync(path.join(root, "Pulumi.dev.yaml"), "utf8"), /current: 1\.0\.0/);
  });

  it("it is wrong with the edit", async () => {
    const program =
      'if (new (require("@pulumi/pulumi").Config)("ami-lifecycle").get("current") === "1.0.0") throw new Error("old");';
    assert.deepEqual(
      end(await rollback({ "index.js": program }, true)),
      said("the program has errors with this edit; `ami-lifecycle simulate --stack dev` shows them"),
    );
  });

  it("it is of another language", async () => {
    const ran = await rollback({ "Pulumi.yaml": "name: shop\nruntime: python\n" }, false);
    assert.deepEqual(
      end(ran),
      said(
        'the program could not be simulated (Pulumi.yaml: the project has the runtime "python". Only programs of the' +
          ' runtime "nodejs" can be simulated: TypeScript and JavaScript, run by Node.js)',
      ),
    );
  });
});
