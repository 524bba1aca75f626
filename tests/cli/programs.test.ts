import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Run } from "../simulation/command";
import { dataOf, Installed, simulateAll, type Case } from "./installed";

const runtime = (options: string) => ({
  "Pulumi.yaml": `name: kinds\nruntime: { name: nodejs, options: ${options} }\n`,
});
const main = (file: string) => ({ "Pulumi.yaml": `name: kinds\nruntime: nodejs\nmain: ${file}\n` });
const ESM = { "package.json": '{ "type": "module" }' };

const TYPESCRIPT = `import * as pulumi from "@pulumi/pulumi";
interface Answer {
  value: number;
}
const answer: Answer = { value: 42 };
void pulumi.log.info("here");
void pulumi.log.warn("line 7");
export const { value } = answer;
export const stack = \`\${pulumi.getProject()}/\${pulumi.getStack()}\`;
`;

/** Each kind of program that Pulumi runs. */
const CASES: { [name: string]: Case } = {
  typescript: { files: { "index.ts": TYPESCRIPT } },
  upwards: { files: { ...main("program/index.ts"), "program/index.ts": TYPESCRIPT, "a/b/c": "" }, cwd: "a/b" },
  javascript: {
    files: { ...runtime("{ typescript: false }"), "index.js": 'console.log("printed");\nexports.value = 42;\n' },
  },
  entry: {
    files: { "package.json": '{ "main": "lib/start.js" }', "lib/start.js": "exports.value = __filename.length;\n" },
  },
  directory: {
    files: { ...main("src/"), "src/index.js": 'exports.cwd = require("node:path").basename(process.cwd());\n' },
  },
  function: { files: { "index.js": "module.exports = async () => ({ value: await Promise.resolve(42) });\n" } },
  module: {
    files: {
      ...ESM,
      "index.js": `import * as pulumi from "@pulumi/pulumi";
import * as aws from "@pulumi/aws";
export const value = await Promise.resolve(42);
export const name = new aws.ssm.Parameter("top", { type: "String", insecureValue: "x" }).type;
process.stdout.write("printed\\n");
`,
    },
  },
  typescriptModule: {
    files: { ...ESM, "index.ts": `${TYPESCRIPT}export const awaited: number = await Promise.resolve(1);\n` },
  },
  mjs: { files: { ...main("index.mjs"), "index.mjs": "export const value = 42;\n" } },
  tsconfig: {
    files: {
      "Pulumi.yaml":
        "name: kinds\nruntime: { name: nodejs, options: { tsconfig: ../other.json } }\nmain: src/index.ts\n",
      "other.json":
        '{ "compilerOptions": { "target": "es2022", "module": "commonjs", "moduleResolution": "node10", "experimentalDecorators": true } }',
      // Legacy decorators get the class alone; those of the standard get a context too.
      "src/index.ts": `let given = -1;
function decorator(...args: unknown[]) {
  given = args.length;
}
@decorator
class Decorated {}
export const value = given;
export const name = Decorated.name;
`,
    },
  },
  noTsconfig: { files: { ...runtime("{ tsconfig: none.json }"), "index.ts": TYPESCRIPT } },
  nodeargs: {
    files: {
      ...runtime('{ nodeargs: "--title=named --no-warnings" }'),
      "index.ts": `export const title = process.title;
export const left = Object.keys(process.env).filter((name) => name.startsWith("AMI_LIFECYCLE_NODE"));\n`,
    },
  },
  arguments: { files: { "index.js": "exports.value = process.argv.slice(2);\n" } },
  yaml: { files: { "Pulumi.yaml": "name: kinds\nruntime: yaml\n" } },
  noMain: { files: main("nowhere.ts") },
  noEntry: { files: {} },
};

describe("simulating in any directory", function () {
  this.timeout(240_000);
  let installed: Installed;
  let runs: Map<string, Run>;

  before(async () => {
    installed = new Installed();
    runs = await simulateAll(installed, CASES);
  });
  after(() => installed.remove());

  const outputsOf = (name: string) => {
    const { outputs, code, problems } = dataOf(runs, name);
    assert.equal(code, 0, JSON.stringify(problems));
    return outputs;
  };

  it("runs TypeScript by the program's compiler, with the program's own lines", () => {
    assert.deepEqual(outputsOf("typescript"), { stack: "typescript/dev", value: 42 });
    const { problems, notes } = dataOf(runs, "typescript");
    assert.deepEqual(problems, [{ severity: "warning", message: "line 7", source: "index.ts:7" }]);
    assert.deepEqual(notes, ["here", "there is no Pulumi.dev.yaml: the stack has Pulumi.yaml's config only"]);
  });

  it("finds Pulumi.yaml upwards, and the program where it says", () => {
    assert.deepEqual(outputsOf("upwards"), { stack: "kinds/dev", value: 42 });
    assert.equal(dataOf(runs, "upwards").problems[0]?.source, "program/index.ts:7");
  });

  it("runs JavaScript as it is, from where Pulumi.yaml, package.json or Node.js say", () => {
    assert.deepEqual(outputsOf("javascript"), { value: 42 });
    assert.match(runs.get("javascript")?.err ?? "", /^printed$/m);
    assert.deepEqual(outputsOf("entry"), { value: path.join(installed.root, "entry/lib/start.js").length });
    assert.deepEqual(outputsOf("directory"), { cwd: "src" });
    assert.deepEqual(outputsOf("function"), { value: 42 });
    assert.deepEqual(outputsOf("arguments"), { value: [] });
  });

  it("runs ES modules, of TypeScript too", () => {
    assert.deepEqual(outputsOf("module"), { value: 42, name: "String" });
    assert.equal(dataOf(runs, "module").resources[0]?.source, "index.js:4");
    assert.match(runs.get("module")?.err ?? "", /^printed$/m);
    assert.deepEqual(outputsOf("typescriptModule"), { awaited: 1, stack: "typescriptModule/dev", value: 42 });
    assert.equal(dataOf(runs, "typescriptModule").problems[0]?.source, "index.ts:7");
    assert.deepEqual(outputsOf("mjs"), { value: 42 });
  });

  it("uses the tsconfig and the Node.js options of Pulumi.yaml", () => {
    assert.deepEqual(outputsOf("tsconfig"), { value: 1, name: "Decorated" });
    assert.match(
      dataOf(runs, "noTsconfig").problems[0]?.message ?? "",
      /tsconfig path was set to none.json but .*not found/,
    );
    assert.deepEqual(outputsOf("nodeargs"), { title: "named", left: [] });
  });

  it("refuses other runtimes and programs that are not there", () => {
    const { code, out, err } = runs.get("yaml") ?? {};
    assert.deepEqual([code, out], [2, ""]);
    assert.equal(
      err,
      'Pulumi.yaml: the project has the runtime "yaml". Only programs of the runtime "nodejs" can be simulated: ' +
        "TypeScript and JavaScript, run by Node.js.\nSee ami-lifecycle simulate --help\n",
    );
    assert.equal(runs.get("noMain")?.code, 2);
    assert.match(runs.get("noMain")?.err ?? "", /^Pulumi.yaml: main: there is no nowhere.ts\n/);
    assert.match(dataOf(runs, "noEntry").problems[0]?.message ?? "", /entry point was not found/);
  });

  it("names no directory of this machine", () => {
    for (const [name, { out }] of runs) assert.ok(!out.includes(fs.realpathSync(installed.root)), name);
  });
});
