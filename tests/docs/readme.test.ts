import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { simulate } from "../simulation/command";

const root = resolve(__dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

describe("README", () => {
  it("has a program of twenty lines that simulates without a problem", async function () {
    this.timeout(60_000);
    const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    assert.ok(program.trimEnd().split("\n").length <= 20, "more than twenty lines");
    const directory = join(root, ".cache", "readme");
    mkdirSync(directory, { recursive: true });
    writeFileSync(
      join(directory, "index.ts"),
      program.replace('"pulumi-ami-lifecycle"', JSON.stringify(join(root, "index"))),
    );
    writeFileSync(
      join(directory, "Pulumi.yaml"),
      "name: readme\nruntime: nodejs\nmain: index.ts\nconfig:\n  aws:region: us-east-1\n",
    );
    writeFileSync(join(directory, "Pulumi.dev.yaml"), "config: {}\n");
    const { out } = await simulate(["--cwd", directory, "--json"]);
    const { resources, problems } = JSON.parse(out) as {
      resources: { type: string; name: string }[];
      problems: unknown[];
    };
    assert.deepEqual(problems, []);
    const names = resources.filter(({ type }) => type.startsWith("aws:ec2/ami")).map(({ name }) => name);
    assert.deepEqual(names.sort(), ["web-1.0.0", "web-1.0.0-eu-west-1"]);
  });

  const pages = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file));
  for (const file of ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...pages]) {
    it(`has no dead link to a file in ${file}`, () => {
      const text = readFileSync(join(root, file), "utf8");
      const dead = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map((link) => link[1] as string)
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(root, dirname(file), target)));
      assert.deepEqual(dead, []);
    });
  }
});
