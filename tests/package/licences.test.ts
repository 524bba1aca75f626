/** What users install with this package may be used by them: every production dependency's licence is a permissive one. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const PERMISSIVE =
  /^(MIT|ISC|0BSD|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|BlueOak-1\.0\.0|CC0-1\.0|Python-2\.0|CC-BY-3\.0|\(BSD-3-Clause AND Apache-2\.0\))$/;

/** Looked at by hand: the file LICENSE of each names a permissive licence. */
const READ: { [name: string]: string } = { "@logdna/tail-file": "MIT" };

describe("licences of what is installed with the package", () => {
  it("are all permissive", () => {
    const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
      packages: { [path: string]: { license?: string; dev?: boolean } };
    };
    const production = Object.entries(packages).filter(([path, { dev }]) => path !== "" && !dev);
    assert.ok(production.length > 100);
    const others = production.flatMap(([path, { license }]) => {
      const name = path.replace(/^.*node_modules\//, "");
      return PERMISSIVE.test(READ[name] ?? license ?? "") ? [] : [`${name}: ${license ?? "none named"}`];
    });
    assert.deepEqual(others, []);
  });
});
