import assert from "node:assert/strict";
import { simulate } from "./command";

interface Data {
  problems: { severity: string }[];
  resources: { type: string; name: string; hooks?: { beforeCreate?: string[] } }[];
}

describe("simulating this project's own stacks", function () {
  this.timeout(60_000);

  for (const stack of ["dev", "prod"]) {
    it(`${stack} has no errors, and a gate before every record of a fact`, async () => {
      const { code, out } = await simulate(["--stack", stack, "--json"]);
      const { problems, resources } = JSON.parse(out) as Data;
      assert.equal(code, 0, JSON.stringify(problems));
      const records = resources.filter(({ type }) => /:(AmiFromInstance|AmiCopy|Tag)$/.test(type));
      assert.ok(records.length > 0);
      for (const { name, hooks } of records) assert.ok((hooks?.beforeCreate ?? []).length > 0, name);
    });
  }
});
