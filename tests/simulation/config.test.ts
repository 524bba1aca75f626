import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { SECRET_PLACEHOLDER } from "../../simulation/project/config";
import { loadProject } from "../../simulation/project/project";
import { UsageError } from "../../simulation/usageError";

describe("simulation config", () => {
  let root: string;
  const write = (project: string, stack: string) => {
    fs.writeFileSync(path.join(root, "Pulumi.yaml"), `name: shop\nruntime: nodejs\n${project}`);
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
    assert.throws(() => loadProject(path.join(root, "none"), "dev"), /no directory .*none/);
    assert.throws(() => loadProject(os.tmpdir(), "dev"), /no Pulumi.yaml in .*, nor in a directory above it/);
  });

  it("finds the program where Pulumi.yaml says, else in the project's directory", () => {
    write("main: src/index.ts\n", "");
    assert.equal(loadProject(root, "dev").main, path.join(root, "src/index.ts"));
    write("", "");
    assert.equal(loadProject(root, "dev").main, root);
  });

  it("finds the project upwards, as Pulumi does, and in the files' other forms", () => {
    write("", "");
    fs.mkdirSync(path.join(root, "src/deep"), { recursive: true });
    assert.equal(loadProject(path.join(root, "src/deep")).root, fs.realpathSync(root));
    fs.writeFileSync(
      path.join(root, "src/Pulumi.json"),
      '{"name": "inner", "runtime": "nodejs", "config": "../stacks"}',
    );
    fs.mkdirSync(path.join(root, "stacks"));
    fs.writeFileSync(path.join(root, "stacks/Pulumi.only.json"), '{"config": {"inner:a": 1}}');
    const inner = loadProject(path.join(root, "src/deep"));
    assert.deepEqual([inner.name, inner.stack, inner.config], ["inner", "only", { "inner:a": "1" }]);
  });

  it("takes the stack that is named, else dev, else the only one", () => {
    write("", "");
    assert.equal(loadProject(root).stack, "dev");
    fs.renameSync(path.join(root, "Pulumi.dev.yaml"), path.join(root, "Pulumi.test.yaml"));
    assert.equal(loadProject(root).stack, "test");
    fs.writeFileSync(path.join(root, "Pulumi.prod.yaml"), "");
    assert.throws(() => loadProject(root), /"dev" has no Pulumi.dev.yaml. Stacks with one: prod, test\./);
    for (const stack of ["test", "prod"]) fs.unlinkSync(path.join(root, `Pulumi.${stack}.yaml`));
    const { stack, notes } = loadProject(root, "any");
    assert.equal(stack, "any");
    assert.deepEqual(notes, ["there is no Pulumi.any.yaml: the stack has Pulumi.yaml's config only"]);
  });

  it("reads old keys, and refuses those of no form", () => {
    write("", "config:\n  aws:config:region: eu-west-1\n  size: 3\n");
    assert.deepEqual(loadProject(root).config, { "aws:region": "eu-west-1", "shop:size": "3" });
    write("", "config:\n  a:b:c: 1\n");
    assert.throws(() => loadProject(root), /"a:b:c" is not of the form NAMESPACE:KEY/);
  });

  it("checks the stack's values against what Pulumi.yaml declares, by the engine's rules", () => {
    const declared = (type: string, value: string) => {
      write(`config:\n  key: { ${type} }\n`, `config:\n  key: ${value}\n`);
      return loadProject(root).problems;
    };
    const list = "type: array, items: { type: array, items: { type: integer } }";
    for (const [type, value] of [
      ["type: string", "3"],
      ["type: integer", '"3"'],
      ["type: boolean", "true"],
      ["type: object", "{ a: 1 }"],
      [list, "[[1, 2], []]"],
      ["type: integer", "{ secure: v1:abc }"],
      ["secret: true, type: string", "{ secure: v1:abc }"],
    ] as const) {
      assert.deepEqual(declared(type, value), [], `${type}: ${value}`);
    }
    const wrong = (type: string) => [`shop:key must be of type ${type} (Pulumi.dev.yaml)`];
    assert.deepEqual(declared("type: integer", "3.5"), wrong("integer"));
    assert.deepEqual(declared("type: boolean", "1"), wrong("boolean"));
    assert.deepEqual(declared("type: object", "[a]"), wrong("object"));
    assert.deepEqual(declared(list, "[[a]]"), wrong("array<array<integer>>"));
    assert.match(
      declared("secret: true, type: string", "plain")[0] ?? "",
      /must be encrypted: it is declared a secret/,
    );
  });

  it("reads the runtime in both forms, and names those it does not know", () => {
    const runtime = (text: string) => {
      fs.writeFileSync(path.join(root, "Pulumi.yaml"), `name: shop\n${text}\n`);
      return loadProject(root).runtime;
    };
    assert.deepEqual(runtime("runtime: nodejs"), { typescript: true, nodeArguments: [] });
    const nodeargs = JSON.stringify(`--a "b c" --d='e f'`);
    const options = `{ typescript: false, tsconfig: a.json, packagemanager: npm, nodeargs: ${nodeargs} }`;
    assert.deepEqual(runtime(`runtime: { name: nodejs, options: ${options} }`), {
      typescript: false,
      tsconfig: "a.json",
      nodeArguments: ["--a", "b c", "--d=e f"],
    });
    assert.throws(() => runtime("runtime: yaml"), /the runtime "yaml"\. Only programs of the runtime "nodejs"/);
    assert.throws(() => runtime("runtime: { name: python }"), /the runtime "python"/);
    assert.throws(() => runtime(""), /no runtime/);
    assert.throws(() => runtime("runtime: { name: nodejs, options: { typescript: 1 } }"), /typescript must be true or/);
  });
});
