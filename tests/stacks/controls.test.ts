/**
 * What an auditor asks of the prod stack, over the resources of its simulation, with and without a certificate and with a
 * network of its own: AWS Security Hub's controls by their ids, and nothing open that need not be.
 */
import assert from "node:assert/strict";
import { simulateProd } from "../simulation/command";

interface Resource {
  type: string;
  name: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the provider takes
  inputs: any;
}
interface Rule {
  fromPort: number;
  toPort: number;
  protocol: string;
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
  securityGroups?: string[];
}

const certificateArn = (region: string) =>
  `arn:aws:acm:${region}:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef`;
const CASES: { [name: string]: { config: { [key: string]: unknown }; ports: number[] } } = {
  "as it is": { config: {}, ports: [80] },
  "with a certificate": {
    config: {
      loadBalancer: { certificateArn: certificateArn("us-east-1") },
      regional: { "us-west-2": { loadBalancer: { certificateArn: certificateArn("us-west-2") } } },
    },
    ports: [80, 443],
  },
  "in networks of its own, with keys, over three regions": {
    config: { network: { zones: 3 }, imageKeys: true, copyTo: ["us-west-2", "eu-west-1"], fleetRegions: ["eu-west-1"] },
    ports: [80],
  },
};

for (const [name, { config, ports }] of Object.entries(CASES)) {
  describe(`the controls of prod, ${name}`, function () {
    this.timeout(60_000);
    let resources: Resource[];
    const all = (type: RegExp): Resource[] => {
      const found = resources.filter((one) => type.test(one.type));
      assert.ok(found.length > 0, `no ${String(type)}`);
      return found;
    };
    const each = (type: RegExp, check: (inputs: Resource["inputs"], name: string) => void) =>
      all(type).forEach((one) => check(one.inputs, one.name));
    const balancer = /^(awsx:lb|aws:lb\/\w+):(Application)?LoadBalancer$/;

    /** How many zones: a network that is yet to be made has as many subnets as zones. */
    const zones = (subnets: unknown): number =>
      Array.isArray(subnets) ? subnets.length : (all(/:Vpc$/)[0]!.inputs.numberOfAvailabilityZones as number);

    before(async () => {
      const given = Object.entries(config).map(([key, value]) => `ami-lifecycle:${key}=${JSON.stringify(value)}`);
      const { out, code } = await simulateProd("--json", ...given.flatMap((one) => ["--config", one]));
      const data = JSON.parse(out) as { resources: Resource[]; problems: unknown[] };
      assert.deepEqual([code, data.problems], [0, []]);
      resources = data.resources;
    });

    it(`opens nothing to the internet but the load balancer's ${ports.join(" and ")}; no SSH, no RDP`, () => {
      const open: number[] = [];
      each(/:SecurityGroup$/, ({ ingress = [] }, group) => {
        for (const rule of ingress as Rule[]) {
          const anywhere = [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])].some((block) =>
            /\/0$/.test(block),
          );
          for (const port of [22, 3389]) {
            const covers = rule.protocol === "-1" || (rule.fromPort <= port && port <= rule.toPort);
            assert.ok(!covers, `${group} lets ${port} in`);
          }
          if (!anywhere) continue;
          assert.match(group, /-lb-sg$/);
          assert.deepEqual([rule.protocol, rule.fromPort], ["tcp", rule.toPort]);
          open.push(rule.fromPort);
        }
      });
      assert.deepEqual(
        [...new Set(open)].sort((a, b) => a - b),
        ports,
      );
    });

    it("lets instances be reached by their load balancer only", () => {
      each(/:SecurityGroup$/, ({ ingress = [] }, group) => {
        if (!/^web(-[a-z]+-[a-z]+-\d)?-sg$/.test(group)) return;
        assert.ok((ingress as Rule[]).length > 0);
        for (const rule of ingress as Rule[]) {
          assert.deepEqual(
            [rule.cidrBlocks, rule.ipv6CidrBlocks, rule.securityGroups?.length],
            [undefined, undefined, 1],
          );
        }
      });
    });

    if (config.network) {
      it("EC2.2: a network's default security group lets nothing through", () => {
        each(/:DefaultSecurityGroup$/, ({ ingress, egress }) =>
          assert.deepEqual([ingress, egress], [undefined, undefined]),
        );
      });
    }

    it("encrypts: images at rest, logs at rest, and with a certificate what travels", () => {
      each(/:AmiCopy$/, ({ encrypted }) => assert.equal(encrypted, true));
      each(/:BucketServerSideEncryptionConfiguration$/, ({ rules }) =>
        assert.equal(rules[0].applyServerSideEncryptionByDefault.sseAlgorithm, "AES256"),
      );
      each(/:BucketPublicAccessBlock$/, ({ bucket: _, ...blocked }) =>
        assert.deepEqual(
          Object.values(blocked as object).filter((value) => typeof value === "boolean"),
          [true, true, true, true],
        ),
      );
      if (!ports.includes(443)) return;
      // ELB.1, ELB.17
      // In the home region they are awsx's, elsewhere resources of their own.
      interface Listener {
        port: number;
        protocol: string;
        sslPolicy?: string;
        defaultActions?: { type: string }[];
      }
      const home = all(/^awsx:lb:/).map(({ inputs }) => inputs.listeners as Listener[]);
      const elsewhere = all(/^aws:lb\/listener:Listener$/).map(({ inputs }) => inputs as Listener);
      for (const listeners of [...home, elsewhere]) {
        const of = (port: number) => listeners.find((one) => one.port === port)!;
        assert.equal(of(80).defaultActions![0]!.type, "redirect");
        assert.deepEqual([of(443).protocol, of(443).sslPolicy], ["HTTPS", "ELBSecurityPolicy-TLS13-1-2-2021-06"]);
      }
    });

    it("AutoScaling.1, .2, .6, .9: health by the load balancer, several zones, several types, a launch template", () => {
      each(/^aws:autoscaling\/group:Group$/, (group) => {
        assert.equal(group.healthCheckType, "ELB");
        assert.ok(zones(group.vpcZoneIdentifiers) >= 2);
        assert.ok(group.mixedInstancesPolicy.launchTemplate.overrides.length >= 2);
        assert.ok(group.mixedInstancesPolicy.launchTemplate.launchTemplateSpecification.launchTemplateId);
        assert.equal(group.launchConfiguration, undefined);
      });
    });

    it("EC2.8, EC2.170, EC2.25: IMDSv2 only, one hop, no public address by the template", () => {
      each(/:LaunchTemplate$/, ({ metadataOptions, networkInterfaces = [], keyName }) => {
        assert.deepEqual([metadataOptions.httpTokens, metadataOptions.httpPutResponseHopLimit], ["required", 1]);
        for (const one of networkInterfaces) assert.notEqual(String(one.associatePublicIpAddress), "true");
        assert.equal(keyName, undefined);
      });
    });

    it("ELB.4, .5, .6, .12, .13: invalid headers dropped, access logs, deletion protection, desync, several zones", () => {
      each(balancer, (lb) => {
        assert.equal(lb.dropInvalidHeaderFields, true);
        assert.deepEqual([lb.accessLogs.enabled, Boolean(lb.accessLogs.bucket)], [true, true]);
        assert.equal(lb.enableDeletionProtection, true);
        assert.equal(lb.desyncMitigationMode, "defensive");
        assert.ok(zones(lb.subnetIds ?? lb.subnets) >= 2);
      });
    });
  });
}
