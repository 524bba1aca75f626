/** How the commands that reports print are called. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { calledAs } from "../../simulation/command";
import { ROOT } from "./command";

describe("commands in reports", () => {
  it("are npm's script where one of this repository's runs, else the installed command", () => {
    for (const [script, owner, called] of [
      ["simulate", "pulumi-ami-lifecycle", "npm run ami-lifecycle --"],
      ["ami-lifecycle", "pulumi-ami-lifecycle", "npm run ami-lifecycle --"],
      ["ami-lifecycle", "shop", "npm run ami-lifecycle --"],
      // Its own script, which calls the installed command: nothing is known of another one.
      ["simulate", "shop", "npx ami-lifecycle"],
      ["npx", "pulumi-ami-lifecycle", "npx ami-lifecycle"],
      [undefined, undefined, "npx ami-lifecycle"],
    ]) {
      assert.equal(calledAs({ npm_lifecycle_event: script, npm_package_name: owner }), called);
    }
  });

  it("are those of a clone when npm runs its script", function () {
    this.timeout(60_000);
    const play = (scenario: string) =>
      execFileSync("npm", ["run", "-s", "simulate", "--", "--stack", "prod", "--scenario", scenario], {
        ...{ cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
      });
    const command = "\n    npm run ami-lifecycle -- failover --to us-west-2 --stack prod --line web\n";
    assert.ok(play("region-loss=us-east-1").includes(command));
  });
});
