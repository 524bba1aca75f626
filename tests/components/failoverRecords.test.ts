import assert from "node:assert/strict";
import { FailoverRecords, type FailoverRecordsArgs } from "../../components";
import { type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, problemPaths, tree } from "../support/reading";

const target = (region: string) => ({ region, dnsName: `web.${region}.elb.amazonaws.com`, zoneId: "Z35SXDOTRQ7X7K" });
const TARGETS = [target("us-east-1"), target("us-west-2")];

const records = (args: Partial<FailoverRecordsArgs> = {}): Promise<Run> =>
  runProgram(() => {
    const { fqdn, healthCheckIds } = new FailoverRecords("www", {
      ...{ hostedZoneId: "Z0123456789ABCDEFGHIJ", name: "www.example.com", targets: TARGETS },
      ...args,
    });
    return { fqdn, healthCheckIds };
  });
async function fine(args: Partial<FailoverRecordsArgs> = {}): Promise<Run> {
  const run = await records(args);
  assertFine(run);
  return run;
}

describe("FailoverRecords", () => {
  it("leads to the first while it is healthy, else to the second: by health alone", async () => {
    const run = await fine();
    assert.deepEqual(tree(run), [
      "FailoverRecords www",
      "  aws:route53:HealthCheck www-us-east-1",
      "  aws:route53:Record www-us-east-1",
      "  aws:route53:Record www-us-west-2",
    ]);
    const check = only(run, "aws:route53:HealthCheck");
    const [primary, secondary] = TARGETS.map(({ region }) => only(run, "aws:route53:Record", `www-${region}`).inputs);
    const { dnsName: name, zoneId } = TARGETS[0]!;
    assert.deepEqual(primary, {
      ...{ zoneId: "Z0123456789ABCDEFGHIJ", name: "www.example.com", type: "A", setIdentifier: "us-east-1" },
      failoverRoutingPolicies: [{ type: "PRIMARY" }],
      aliases: [{ name, zoneId, evaluateTargetHealth: true }],
      healthCheckId: check.id,
    });
    assert.deepEqual(secondary!.failoverRoutingPolicies, [{ type: "SECONDARY" }]);
    assert.equal(secondary!.healthCheckId, undefined);
    assert.deepEqual(check.inputs, {
      ...{ type: "HTTP", fqdn: name, port: 80, resourcePath: "/", requestInterval: 10, failureThreshold: 3 },
      tags: { Name: "www-us-east-1" },
    });
    assert.deepEqual(Object.keys(run.outputs.healthCheckIds as object), ["us-east-1"]);
  });

  it("shares by weights among what is healthy", async () => {
    const targets = [{ ...TARGETS[0]!, weight: 255 }, TARGETS[1]!, target("eu-west-1")];
    const run = await fine({ policy: "weighted", targets });
    assert.equal(all(run, "aws:route53:HealthCheck").length, 3);
    const made = all(run, "aws:route53:Record").map(({ inputs }) => [
      inputs.setIdentifier,
      inputs.weightedRoutingPolicies,
    ]);
    assert.deepEqual(made.sort(), [
      ["eu-west-1", [{ weight: 100 }]],
      ["us-east-1", [{ weight: 255 }]],
      ["us-west-2", [{ weight: 100 }]],
    ]);
  });

  it("asks by HTTPS, answers for IPv6, or leaves the asking to the load balancers", async () => {
    const check = only(await fine({ https: true, healthPath: "/health" }), "aws:route53:HealthCheck").inputs;
    assert.deepEqual([check.type, check.port, check.enableSni, check.resourcePath], ["HTTPS", 443, true, "/health"]);
    const run = await fine({ healthCheck: false, ipv6: true });
    assert.equal(all(run, "aws:route53:HealthCheck").length, 0);
    assert.deepEqual(
      all(run, "aws:route53:Record")
        .map(({ name, inputs }) => `${name} ${String(inputs.type)}`)
        .sort(),
      ["www-us-east-1 A", "www-us-east-1-ipv6 AAAA", "www-us-west-2 A", "www-us-west-2-ipv6 AAAA"],
    );
  });

  it("refuses everything that is wrong at once, and makes nothing", async () => {
    const run = await records({
      ...{ hostedZoneId: "/hostedzone/Z1", name: "www", policy: "fail-over", healthPath: "health" },
      targets: [{ ...target("us-east-1"), weight: 256 }, target("us-east-1"), target("mars")],
    });
    assert.deepEqual(problemPaths(run).sort(), [
      ...[
        "healthPath",
        "hostedZoneId",
        "name",
        "policy",
        "targets[0].weight",
        "targets[1].region",
        "targets[2].region",
      ],
    ]);
    assert.deepEqual(all(run, "aws:route53:Record"), []);
    const one = await records({ targets: [target("us-east-1")] });
    assert.deepEqual(problemPaths(one), ["targets"]);
    assert.deepEqual(problemPaths(await records({ targets: [{ ...TARGETS[0]!, weight: 1 }, TARGETS[1]!] })), [
      "targets[0].weight",
    ]);
  });
});
