import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { ROOT } from "../simulation/command";
import { Installed, linkPackages, type Data, type Files } from "./installed";

/** A component as this package's, which asks AWS and logs by the copy of the SDK that it finds. */
const LINE = `const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
exports.Line = class extends pulumi.ComponentResource {
  constructor(name, value) {
    super("line:index:Line", name);
    const hook = new pulumi.ResourceHook(name + "/gate", () => undefined);
    this.key = aws.kms.getAliasOutput({ name: "alias/x" }, { parent: this }).targetKeyArn;
    this.parameter = new aws.ssm.Parameter(name, { type: "String", insecureValue: value, description: this.key }, { parent: this, hooks: { beforeCreate: [hook] } });
    pulumi.log.warn("by the component's copy", this);
  }
};
`;

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { Line } from "line";
interface Settings {
  value: string;
}
const settings: Settings = { value: "v" };
const line = new Line("web", pulumi.output(settings).apply(({ value }) => value));
export const key = line.key;
export const value = line.parameter.insecureValue;
`;

const COMPONENT: Files = { "node_modules/line/package.json": "{}", "node_modules/line/index.js": LINE };

describe("what is installed for the program", function () {
  this.timeout(240_000);
  let installed: Installed;
  before(() => (installed = new Installed()));
  after(() => installed.remove());

  /** A program with a copy of the SDK of its own, and nothing else but what the SDK itself needs. */
  const withOwnSdk = (name: string, files: Files, version?: string): string => {
    const directory = installed.program(name, files);
    const sdk = path.join(directory, "node_modules/@pulumi/pulumi");
    fs.cpSync(path.join(ROOT, "node_modules/@pulumi/pulumi"), sdk, { recursive: true });
    const manifest = JSON.parse(fs.readFileSync(path.join(sdk, "package.json"), "utf8")) as {
      version: string;
      dependencies: { [name: string]: string };
    };
    linkPackages(path.join(directory, "node_modules"), Object.keys(manifest.dependencies));
    fs.writeFileSync(
      path.join(sdk, "package.json"),
      JSON.stringify({ ...manifest, version: version ?? manifest.version }),
    );
    return directory;
  };

  const simulate = async (directory: string): Promise<Data & { code: number }> => {
    const { code, out, err } = await installed.run(["simulate", "--json"], directory);
    assert.notEqual(out, "", err);
    return { ...(JSON.parse(out) as Data), code };
  };

  const LOOKUP = {
    args: { name: "alias/x" },
    certainty: "unknown",
    modelled: false,
    token: "aws:kms/getAlias:getAlias",
  };

  it("may be one copy of the SDK for all, which needs no words", async () => {
    const { outputs, lookups, notes, resources, problems } = await simulate(
      installed.program("one", { ...COMPONENT, "index.ts": PROGRAM }),
    );
    assert.deepEqual(outputs, { key: "[unknown]", value: "v" });
    assert.deepEqual(lookups, [LOOKUP]);
    assert.deepEqual(notes, ["there is no Pulumi.dev.yaml: the stack has Pulumi.yaml's config only"]);
    assert.deepEqual(
      resources.map(({ name, source }) => [name, source]),
      [
        ["web", "index.ts:7"],
        ["web", "index.ts:7"],
      ],
    );
    assert.deepEqual(problems, [
      { severity: "warning", message: "by the component's copy", path: "web", source: "index.ts:7" },
    ]);
  });

  it("may be two copies of the SDK: both are simulated, and a note says so", async () => {
    const directory = withOwnSdk("two", { ...COMPONENT, "index.ts": PROGRAM });
    // As npm does when the versions differ: the component's copy lies below the component.
    linkPackages(path.join(directory, "node_modules/line/node_modules"), ["@pulumi/pulumi", "@pulumi/aws"]);
    const one = await simulate(path.join(installed.root, "one"));
    const two = await simulate(directory);
    assert.deepEqual(two.outputs, one.outputs);
    assert.deepEqual(two.lookups, one.lookups);
    assert.deepEqual(two.problems, one.problems);
    const [note] = two.notes.filter((text) => !one.notes.includes(text));
    assert.match(note ?? "", /^2 copies of @pulumi\/pulumi are loaded: 3\..* in node_modules\/@pulumi\/pulumi\./);
    assert.match(note ?? "", /`npm ls @pulumi\/pulumi` shows who brings which/);
  });

  it("may have no ts-node: the SDK's own compiles the program", async () => {
    const directory = withOwnSdk("bare", {
      "index.ts": "interface A {\n  b: 1;\n}\nconst a: A = { b: 1 };\nexport = { a };\n",
    });
    assert.equal(fs.existsSync(path.join(directory, "node_modules/ts-node")), false);
    assert.deepEqual((await simulate(directory)).outputs, { a: { b: 1 } });
  });

  it("must be an SDK that is not too old for the components", async () => {
    const directory = withOwnSdk("old", { "index.ts": "" }, "3.99.0");
    const { code, out, err } = await installed.run(["simulate"], directory);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(
      err,
      /^The program in this directory has @pulumi\/pulumi 3.99.0, 3.248.0 or later is needed: .*npm ls/,
    );
  });

  it("warns of a package that brings an old one", async () => {
    const directory = withOwnSdk(
      "oldest",
      { "index.js": 'require("dependency");\n', "node_modules/dependency/index.js": 'require("@pulumi/pulumi");\n' },
      "3.99.0",
    );
    fs.mkdirSync(path.join(directory, "node_modules/dependency/node_modules"));
    fs.renameSync(
      path.join(directory, "node_modules/@pulumi"),
      path.join(directory, "node_modules/dependency/node_modules/@pulumi"),
    );
    const { problems, code } = await simulate(directory);
    assert.equal(code, 0);
    assert.match(
      problems[0]?.message ?? "",
      /a package loads @pulumi\/pulumi 3.99.0 in node_modules\/dependency\/node_modules/,
    );
  });

  it("must be there at all", async () => {
    const directory = fs.mkdtempSync(path.join(path.dirname(installed.root), "nothing-"));
    fs.writeFileSync(path.join(directory, "Pulumi.yaml"), "name: nothing\nruntime: nodejs\n");
    const { code, err } = await installed.run(["simulate", "--cwd", directory]);
    fs.rmSync(directory, { recursive: true });
    assert.equal(code, 2);
    assert.match(err, /^@pulumi\/pulumi is not installed for the program in .*: run `npm install` there first\.\n/);
  });
});
