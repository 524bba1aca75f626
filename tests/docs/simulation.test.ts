/** docs/simulation.md: the headlines that it shows are those of the stacks as they are. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, simulate } from "../simulation/command";
import { temporary } from "../support/temporary";

const PAGE = readFileSync(join(ROOT, "docs/simulation.md"), "utf8");
const shows = (output: string) => {
  const headline = output.split("\n")[0] ?? "";
  assert.ok(PAGE.includes(`\n${headline}\n`), `not in docs/simulation.md: ${headline}`);
};

describe("the page of the simulation", function () {
  this.timeout(60_000);

  it("shows what a failure leaves", async () => {
    shows((await simulate(["--stack", "dev", "--fail", "web-1.0.0-eu-west-1-verified"])).out);
  });

  it("shows what a release changes", async () => {
    const earlier = join(temporary("page"), "dev.json");
    writeFileSync(earlier, (await simulate(["--stack", "dev", "--json"])).out);
    const config = ['versions=["1.0.0","1.1.0"]', "current=1.1.0"].flatMap((one) => [
      "--config",
      `ami-lifecycle:${one}`,
    ]);
    shows((await simulate(["--stack", "dev", "--against", earlier, ...config])).out);
  });
});
