/**
 * schema.json is what other languages see: Pulumi's analyzer reads it from the sources. When this fails, run
 * UPDATE_GOLDEN=1 npx mocha tests/compatibility/schema.test.ts and look at the difference: what is gone or has another
 * type breaks programs.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as library from "../..";

interface Schema {
  resources: { [token: string]: { properties: object; inputProperties: object; description?: string } };
  types: { [token: string]: { properties?: { [name: string]: { description?: string } } } };
}

const FILE = "schema.json";

describe(FILE, () => {
  let text = "";
  let schema: Schema;

  before(async function () {
    this.timeout(120_000);
    const components = getPulumiComponents(library);
    const provider = new ComponentProvider({ name: "pulumi-ami-lifecycle", dirname: process.cwd(), components });
    schema = JSON.parse(await provider.getSchema()) as Schema;
    text = `${JSON.stringify(schema, null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(FILE, text);
  });

  it("is what Pulumi's analyzer reads from the sources", () => {
    assert.equal(readFileSync(FILE, "utf8"), text);
  });

  it("has every component, and nothing of a class that is not for users", () => {
    const names = Object.keys(schema.resources).map((token) => token.split(":")[2]);
    assert.deepEqual(
      names.sort(),
      getPulumiComponents(library)
        .map(({ name }) => name)
        .sort(),
    );
    assert.ok(!text.includes("ByRegion"));
  });

  it("describes every input and every field of every type", () => {
    const bare: string[] = [];
    const look = (owner: string, properties: { [name: string]: { description?: string } } = {}) => {
      for (const [name, { description }] of Object.entries(properties)) if (!description) bare.push(`${owner}.${name}`);
    };
    for (const [token, { inputProperties }] of Object.entries(schema.resources)) look(token, { ...inputProperties });
    for (const [token, { properties }] of Object.entries(schema.types)) look(token, properties);
    assert.deepEqual(bare, []);
  });
});
