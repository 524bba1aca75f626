/** The table of what replaces a resource, against what this package's own programs say. */
import assert from "node:assert/strict";
import { forcesOf } from "../../simulation/difference/forces";
import { PROGRAMS } from "../compatibility/programs";
import { runProgram } from "../support/mocks";
import { resource } from "./difference/resources";

/** Of Network Load Balancers and their targets' health checks the provider decides by a look at what there is. */
const DECIDED_BY_A_LOOK = [
  "aws:lb/loadBalancer:LoadBalancer securityGroups",
  "aws:lb/loadBalancer:LoadBalancer subnets",
  "aws:lb/targetGroup:TargetGroup healthCheck",
];

describe("the table of replacements", () => {
  it("has every input of this package's own resources", async function () {
    this.timeout(60_000);
    const missing = new Set<string>();
    const seen = new Set<string>();
    for (const { run, options } of Object.values(PROGRAMS)) {
      const { resources } = await runProgram(run, options);
      for (const { type, inputs } of resources.filter((one) => one.type.startsWith("aws:"))) {
        seen.add(type);
        const made = resource(type, "a", inputs as never);
        const forces = forcesOf(made, made, []);
        for (const [input, value] of Object.entries(inputs))
          if (value !== undefined && forces([input]) === undefined) missing.add(`${type} ${input}`);
      }
    }
    assert.ok(seen.size >= 15, [...seen].join());
    assert.deepEqual([...missing].sort(), DECIDED_BY_A_LOOK);
  });
});
