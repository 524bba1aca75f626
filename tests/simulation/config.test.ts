import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadProject, SECRET_PLACEHOLDER, UsageError } from "../../simulation/config";

describe("simulation config", () => {
  let root: string;
  const write = (project: string, stack: string) => {
    fs.writeFileSync(path.join(root, "Pulumi.yaml"), `name: shop\n${project}`);
    fs.writeFileSync(path.join(root, "Pulumi.dev.yaml"), stack);
  };

  beforeEach(() => (root = fs.mkdtempSync(path.join(os.tmpdir(), "config-"))));
  afterEach(() => fs.rmSync(root, { recursive: true }));

  it("reads every form of a default, and lets the stack win", () => {
    write(
      "config:\n  aws:region: us-east-1\n  plain: 3\n  wrapped: { value: { a: [1] } }\n" +
        "  declared: { type: string, default: x }\n  other: { default: y }\n",
      "config:\n  shop:plain: 4\n  list: [a, b]\n  flag: true\n",
    );
    assert.deepEqual(loadProject(root, "dev").config, {
      "aws:region": "us-east-1",
      "shop:plain": "4",
      "shop:wrapped": '{"a":[1]}',
      "shop:declared": "x",
      "shop:other": "y",
      "shop:list": '["a","b"]',
      "shop:flag": "true",
    });
  });

  it("replaces encrypted values, also inside of objects, and notes it", () => {
    write("", "config:\n  shop:key: { secure: v1:abc }\n  shop:login: { user: me, password: { secure: v1:def } }\n");
    const { config, secretKeys, notes } = loadProject(root, "dev");
    assert.equal(config["shop:key"], SECRET_PLACEHOLDER);
    assert.deepEqual(JSON.parse(config["shop:login"] ?? ""), { user: "me", password: SECRET_PLACEHOLDER });
    assert.deepEqual(secretKeys, ["shop:key", "shop:login"]);
    assert.equal(notes.length, 2);
  });

  it("names declared keys without a value, unless the command line gives one", () => {
    write("config:\n  size: { type: integer }\n", "config: {}\n");
    assert.match(loadProject(root, "dev").problems[0] ?? "", /^shop:size has no value/);
    const given = loadProject(root, "dev", ["size=a=b"]);
    assert.deepEqual([given.problems, given.config["shop:size"]], [[], "a=b"]);
  });

  it("refuses what it cannot read", () => {
    write("", "config: [\n");
    assert.throws(() => loadProject(root, "dev"), UsageError);
    assert.throws(() => loadProject(root, "prod"), /has no Pulumi.prod.yaml. Stacks with one: dev/);
    assert.throws(() => loadProject(path.join(root, "none"), "dev"), /no Pulumi.yaml/);
  });

  it("finds the program where Pulumi.yaml says, else in the project's directory", () => {
    write("main: src/index.ts\n", "");
    assert.equal(loadProject(root, "dev").main, path.join(root, "src/index.ts"));
    write("", "");
    assert.equal(loadProject(root, "dev").main, root);
  });
});
