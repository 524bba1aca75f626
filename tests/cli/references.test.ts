import assert from "node:assert/strict";
import * as path from "node:path";
import type { Run } from "../simulation/command";
import { Installed, type Data } from "./installed";

/** Reads the stack that the config names; without one it only has outputs. */
const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
const from = new pulumi.Config().get("from");
const other = from ? new pulumi.StackReference(from) : undefined;
export const id = other ? other.requireOutput("id") : pulumi.output("vpc-1");
export const key = other ? other.getOutput("key") : pulumi.secret("hush");
export const list = other ? other.getOutput("list") : [1, { a: 2 }];
export const hasArn = other ? other.getOutput("arn").apply((arn) => arn !== undefined) : false;
`;

const project = (name: string, stacks: { [stack: string]: string }) => ({
  "Pulumi.yaml": `name: ${name}\nruntime: nodejs\n`,
  "index.ts": PROGRAM,
  ...Object.fromEntries(
    Object.entries(stacks).map(([stack, from]) => [`Pulumi.${stack}.yaml`, `config:\n  ${name}:from: ${from}\n`]),
  ),
});

describe("references to other stacks", function () {
  this.timeout(240_000);
  let installed: Installed;
  let shop: string;
  before(() => {
    installed = new Installed();
    shop = installed.program("shop", {
      ...project("shop", {
        net: "organization/net/prod",
        acme: "acme/net/prod",
        circle: "acme/net/circle",
        base: '""',
        own: "base",
      }),
      "outputs/net.json": JSON.stringify({ id: "vpc-2", key: "[secret]", list: [true], other: null }),
      "list.json": "[]",
      "broken.json": "{",
    });
    installed.program("net", project("net", { prod: '""', circle: "shop/circle" }));
    installed.program("python", { "Pulumi.yaml": "name: python\nruntime: python\n", "Pulumi.prod.yaml": "" });
  });
  after(() => installed.remove());

  const simulate = (...args: string[]): Promise<Run> => installed.run(["simulate", ...args], shop);
  const data = async (...args: string[]): Promise<Data & { code: number }> => {
    const { code, out, err } = await simulate("--json", ...args);
    assert.notEqual(out, "", err);
    return { ...(JSON.parse(out) as Data), code };
  };
  // A secret's value does not come along, so it is unknown here. What a file does not have is known not to be there.
  const GIVEN = { hasArn: false, id: "vpc-2", key: "[unknown]", list: [true] };

  it("takes outputs from a file, whatever of the stack's name is said", async () => {
    for (const [stack, name] of [
      ["net", "net/prod"],
      ["acme", "acme/net/prod"],
      ["own", "base"],
    ] as const) {
      const { outputs, problems, notes, code } = await data(
        "--stack",
        stack,
        "--stack-outputs",
        `${name}=outputs/net.json`,
      );
      assert.deepEqual([outputs, problems, notes, code], [GIVEN, [], [], 0], stack);
    }
  });

  it("notes a file that nobody asks for, and refuses one that it cannot read", async () => {
    const unused = await data("--stack", "acme", "--stack-outputs", "other/net/prod=outputs/net.json");
    assert.deepEqual(unused.notes, [
      "--stack-outputs other/net/prod=outputs/net.json: no StackReference asks for that stack",
    ]);
    assert.match(unused.problems[0]?.message ?? "", /"acme\/net\/prod" is not one of this project's.*--stack-outputs/);
    assert.deepEqual(unused.outputs.id, "[unknown]");
    const errors: [string, RegExp][] = [
      ["net/prod=none.json", /net\/prod=none.json: there is no such file/],
      ["net/prod=broken.json", /JSON/],
      ["net/prod=list.json", /an object was expected, as `pulumi stack output --json` writes it/],
      ["outputs/net.json", /needs NAME=FILE/],
      ["a/b/c/d=outputs/net.json", /needs NAME=FILE/],
    ];
    for (const [option, message] of errors) {
      const { code, out, err } = await simulate("--stack", "net", "--stack-outputs", option);
      assert.deepEqual([code, out], [2, ""], option);
      assert.match(err, message);
    }
  });

  it("simulates a stack of another project whose directory is named", async () => {
    const { outputs, problems, code } = await data("--stack", "net", "--project", "../net");
    const list = [1, { a: 2 }];
    assert.deepEqual([problems, code], [[], 0]);
    assert.deepEqual(outputs, { hasArn: false, id: "vpc-1", key: "[unknown]", list });
    const { code: none, err } = await simulate("--stack", "net", "--project", "..");
    assert.equal(none, 2);
    assert.match(err, /--project \.\.: there is no Pulumi.yaml in it/);
  });

  it("finds circles across projects, and says what cannot be simulated", async () => {
    const circle = await data("--stack", "circle", "--project", path.join(installed.root, "net"));
    // The circle is an error of the other stack, which is why this one only has a warning.
    assert.match(circle.problems[0]?.message ?? "", /"net\/circle" has problems of its own/);
    const python = await data("--stack", "net", "--project", "../python", "--config", "from=python/prod");
    assert.match(python.problems[0]?.message ?? "", /"python\/prod" could not be simulated/);
    assert.deepEqual(python.outputs.id, "[unknown]");
  });
});
