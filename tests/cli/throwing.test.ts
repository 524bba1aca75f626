import assert from "node:assert/strict";
import type { Run } from "../simulation/command";
import { dataOf, Installed, simulateAll, type Case, type Files } from "./installed";

const ESM = { "package.json": '{ "type": "module" }' };

/** Lines that no compiler keeps, so that compiled lines are others than the program's. */
const TYPES = "interface Options {\n  a: string;\n}\n";

/** What a program does, and the one problem it must come to: message and line. */
const CASES: { [name: string]: [files: Files, message: string, source: string | undefined] } = {
  top: [{ "index.ts": `${TYPES}throw new RangeError("at the top");\n` }, "RangeError: at the top", "index.ts:4"],
  helper: [
    {
      "index.ts": 'import { fail } from "./lib/helper";\nfail();\n',
      "lib/helper.ts": `${TYPES}export function fail() {\n  throw new Error("in a helper");\n}\n`,
    },
    "in a helper",
    "lib/helper.ts:5",
  ],
  apply: [
    {
      "index.ts": `import * as pulumi from "@pulumi/pulumi";\n${TYPES}export const x = pulumi.output([] as Options[]).apply((all) => {\n  return all[0]!.a;\n});\n`,
    },
    "TypeError: Cannot read properties of undefined (reading 'a')",
    "index.ts:6",
  ],
  rejection: [
    { "index.ts": `${TYPES}void Promise.reject(new Error("nobody caught it"));\n` },
    "nobody caught it",
    "index.ts:4",
  ],
  later: [
    {
      "index.js":
        'exports.x = new Promise((resolve) => setTimeout(() => resolve(1), 50));\nsetTimeout(() => {\n  throw new Error("later");\n}, 10);\n',
    },
    "later",
    "index.js:3",
  ],
  value: [{ "index.js": "throw { code: 3 };\n" }, "the program threw { code: 3 }", undefined],
  syntaxTs: [
    { "index.ts": `${TYPES}const a = = 2;\n` },
    "index.ts(4,11): error TS1109: Expression expected.",
    "index.ts:4",
  ],
  syntaxJs: [{ "index.js": "const a = 1;\nconst b = = 2;\n" }, "SyntaxError: Unexpected token '='", "index.js:2"],
  syntaxEsm: [
    { ...ESM, "index.js": 'import "./lib/other.js";\n', "lib/other.js": "const a = 1;\n\nconst b = = 2;\n" },
    "SyntaxError: Unexpected token '='",
    "lib/other.js:3",
  ],
  exportEsm: [
    {
      ...ESM,
      "index.js": 'const a = 1;\nimport { b } from "./other.js";\nb(a);\n',
      "other.js": "export const c = 1;\n",
    },
    "SyntaxError: The requested module './other.js' does not provide an export named 'b'",
    "index.js:2",
  ],
  typesEsm: [
    { ...ESM, "index.ts": `${TYPES}export const x: string = 1;\n` },
    "index.ts(4,14): error TS2322: Type 'number' is not assignable to type 'string'.",
    "index.ts:4",
  ],
  missingTs: [
    { "index.ts": `${TYPES}import * as x from "no-such-thing";\nx.y();\n` },
    "Cannot find module 'no-such-thing'",
    "index.ts:4",
  ],
  missingEsm: [
    { ...ESM, "index.js": 'const a = 1;\nimport "no-such-thing";\n' },
    "Cannot find package 'no-such-thing'",
    "index.js:2",
  ],
  throwingEsm: [{ ...ESM, "index.js": '\nthrow new Error("at the top");\n' }, "at the top", "index.js:2"],
  exit: [
    { "index.ts": `${TYPES}process.exit(3);\n` },
    "the program calls process.exit(3) and ends there: what comes after it is missing, with `pulumi up` too",
    "index.ts:4",
  ],
  exitZero: [
    { "index.js": "setTimeout(() => process.exit(), 10);\nexports.x = new Promise(() => undefined);\n" },
    "the program calls process.exit() and ends there: what comes after it is missing, with `pulumi up` too",
    "index.js:1",
  ],
  exitCode: [
    { "index.js": "process.exitCode = 4;\n" },
    "the program sets process.exitCode to 4: `pulumi up` fails with it",
    undefined,
  ],
  // Compiled beforehand: the map leads back to the sources.
  compiled: [
    {
      "Pulumi.yaml": "name: compiled\nruntime: { name: nodejs, options: { typescript: false } }\nmain: bin\n",
      "bin/index.js": 'throw new Error("mapped");\n//# sourceMappingURL=index.js.map\n',
      "bin/index.js.map": JSON.stringify({
        version: 3,
        file: "index.js",
        sources: ["../index.ts"],
        names: [],
        mappings: "AAIA",
      }),
      "index.ts": `${TYPES}\nthrow new Error("mapped");\n`,
    },
    "mapped",
    "index.ts:5",
  ],
};

describe("simulating a program that fails", function () {
  this.timeout(240_000);
  let installed: Installed;
  let runs: Map<string, Run>;

  before(async () => {
    installed = new Installed();
    const cases = Object.entries(CASES).map(([name, [files]]): [string, Case] => [name, { files }]);
    runs = await simulateAll(installed, Object.fromEntries(cases));
  });
  after(() => installed.remove());

  for (const [name, [, message, source]] of Object.entries(CASES)) {
    it(`gives its own error with its own line, and exit code 1: ${name}`, () => {
      const { code, problems } = dataOf(runs, name);
      const errors = problems.filter(({ severity }) => severity === "error");
      assert.deepEqual(errors, [{ severity: "error", message, ...(source && { source }) }]);
      assert.equal(code, 1);
      assert.equal(runs.get(name)?.err, "");
    });
  }
});
