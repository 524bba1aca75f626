/** What stands in front of a fleet, and what watches it. */
import assert from "node:assert/strict";
import { AutoScalingFleet, type AutoScalingFleetArgs, FleetNetwork } from "../../components";
import { dashboardBody } from "../../components/internal/dashboard";
import { type Run, runProgram } from "../support/mocks";
import { all, assertFine, only, onlyError, tree } from "../support/reading";

const IMAGE = "ami-0123456789abcdef0";
const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/01234567-89ab-cdef-0123-456789abcdef";
const TOPIC = "arn:aws:sns:us-east-1:111122223333:alarms";

const fleet = (args: Partial<AutoScalingFleetArgs>): Promise<Run> =>
  runProgram(() => {
    const { url, dnsName, zoneId } = new AutoScalingFleet("web", { imageId: IMAGE, port: 8080, ...args });
    return { url, dnsName, zoneId };
  });

async function run(args: Partial<AutoScalingFleetArgs>): Promise<Run> {
  const result = await fleet(args);
  assertFine(result);
  return result;
}

const refused = async (args: Partial<AutoScalingFleetArgs>) =>
  [...onlyError(await fleet(args)).message.matchAll(/^ {2}- ([^:]+):/gm)].map((match) => match[1]);

const balancer = async (args: Partial<AutoScalingFleetArgs>) =>
  only(await run(args), "awsx:lb:ApplicationLoadBalancer").inputs;

interface Rule {
  fromPort: number;
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
  securityGroups?: string[];
}
const ingress = (result: Run, name: string) => only(result, "aws:ec2:SecurityGroup", name).inputs.ingress as Rule[];

describe("AutoScalingFleet: HTTPS", () => {
  it("listens on 443 with TLS 1.2 at least, and sends 80 there", async () => {
    const result = await run({ loadBalancer: { certificateArn: CERTIFICATE } });
    const { listener, listeners } = only(result, "awsx:lb:ApplicationLoadBalancer").inputs;
    assert.equal(listener, undefined);
    assert.deepEqual(listeners, [
      { port: 443, protocol: "HTTPS", certificateArn: CERTIFICATE, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" },
      {
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } }],
      },
    ]);
    assert.equal(result.outputs.url, "https://web-lb.us-east-1.elb.amazonaws.com");
    assert.deepEqual(
      ingress(result, "web-lb-sg").map((rule) => rule.fromPort),
      [80, 443],
    );
  });

  it("speaks HTTP without a certificate, as before", async () => {
    const result = await run({});
    const { listener, listeners, enableDeletionProtection } = only(result, "awsx:lb:ApplicationLoadBalancer").inputs;
    assert.deepEqual(
      [listener, listeners, enableDeletionProtection],
      [{ port: 80, protocol: "HTTP" }, undefined, undefined],
    );
    assert.equal(result.outputs.dnsName, "web-lb.us-east-1.elb.amazonaws.com");
  });

  it("takes what is asked for", async () => {
    const inputs = await balancer({
      loadBalancer: {
        internal: true,
        deletionProtection: true,
        idleTimeout: 120,
        accessLogsBucket: "logs",
        accessLogsPrefix: "web",
        deregistrationDelay: 30,
        slowStart: 60,
        healthCheck: { interval: 10, timeout: 4, healthyThreshold: 3, unhealthyThreshold: 4, matcher: "200" },
      },
    });
    assert.deepEqual(
      [inputs.internal, inputs.enableDeletionProtection, inputs.idleTimeout, inputs.dropInvalidHeaderFields],
      [true, true, 120, true],
    );
    assert.deepEqual(inputs.accessLogs, { bucket: "logs", prefix: "web", enabled: true });
    const targets = inputs.defaultTargetGroup as { [field: string]: unknown };
    assert.deepEqual([targets.deregistrationDelay, targets.slowStart], [30, 60]);
    assert.deepEqual(targets.healthCheck, {
      ...{ path: "/", matcher: "200", interval: 10, timeout: 4, healthyThreshold: 3, unhealthyThreshold: 4 },
    });
  });

  it("lets in only whom it is told to", async () => {
    const [rule] = ingress(
      await run({ loadBalancer: { ingressCidrs: ["192.0.2.0/24", "2001:db8::/32"] } }),
      "web-lb-sg",
    );
    assert.deepEqual([rule!.cidrBlocks, rule!.ipv6CidrBlocks], [["192.0.2.0/24"], ["2001:db8::/32"]]);
  });
});

describe("AutoScalingFleet: further target groups", () => {
  const rules = [
    { name: "api", priority: 10, paths: ["/api/*"], port: 9090, healthPath: "/api/health" },
    { name: "docs", priority: 20, hosts: ["docs.example.com"] },
  ];

  it("are made for each rule, attached to the group, and reachable", async () => {
    const result = await run({ loadBalancer: { rules }, healthPath: "/health" });
    const groups = all(result, "aws:lb:TargetGroup");
    assert.deepEqual(
      groups.map(({ name, inputs }) => [name, inputs.port, (inputs.healthCheck as { path: string }).path]),
      [
        ["web-api", 9090, "/api/health"],
        ["web-docs", 8080, "/health"],
      ],
    );
    const listenerRules = all(result, "aws:lb:ListenerRule").map(({ inputs }) => [inputs.priority, inputs.conditions]);
    assert.deepEqual(listenerRules, [
      [10, [{ pathPattern: { values: ["/api/*"] } }]],
      [20, [{ hostHeader: { values: ["docs.example.com"] } }]],
    ]);
    const { arn } = only(result, "awsx:lb:ApplicationLoadBalancer").outputs.defaultTargetGroup as { arn: string };
    assert.equal((only(result, "aws:autoscaling:Group").inputs.targetGroupArns as string[]).length, 3);
    const live = JSON.parse(only(result, "aws:ssm:Parameter").inputs.insecureValue as string) as {
      [f: string]: unknown;
    };
    assert.deepEqual([live.targetGroup, (live.furtherTargetGroups as string[]).length], [arn, 2]);
    for (const name of ["web-sg"]) {
      const open = ingress(result, name);
      assert.deepEqual(
        open.map((rule) => [rule.fromPort, rule.cidrBlocks]),
        [
          [8080, undefined],
          [9090, undefined],
        ],
      );
    }
  });

  it("are in no record without rules", async () => {
    const result = await run({});
    const live = JSON.parse(only(result, "aws:ssm:Parameter").inputs.insecureValue as string) as {
      [f: string]: unknown;
    };
    assert.deepEqual(Object.keys(live), [
      ...["imageId", "launchTemplateId", "launchTemplateVersion", "group", "targetGroup", "healthPath"],
    ]);
  });
});

describe("AutoScalingFleet behind a Network Load Balancer", () => {
  it("has a listener for TCP, and checks health by TCP unless a path is given", async () => {
    const result = await run({ loadBalancer: { type: "network" } });
    assert.deepEqual(
      tree(result).filter((line) => line.includes("lb")),
      [
        "  aws:ec2:SecurityGroup web-lb-sg",
        "  aws:lb:Listener web-lb",
        "  aws:lb:LoadBalancer web-lb",
        "  aws:lb:TargetGroup web-lb",
      ],
    );
    const { inputs } = only(result, "aws:lb:LoadBalancer");
    assert.deepEqual([inputs.loadBalancerType, inputs.enableCrossZoneLoadBalancing], ["network", true]);
    assert.deepEqual((only(result, "aws:lb:TargetGroup").inputs.healthCheck as { protocol: string }).protocol, "TCP");
    const withPath = only(await run({ loadBalancer: { type: "network" }, healthPath: "/up" }), "aws:lb:TargetGroup");
    const { protocol, path } = withPath.inputs.healthCheck as { protocol: string; path: string };
    assert.deepEqual([protocol, path], ["HTTP", "/up"]);
  });

  it("ends TLS on 443, and nothing listens on 80", async () => {
    const result = await run({ loadBalancer: { type: "network", certificateArn: CERTIFICATE } });
    const { port, protocol, sslPolicy } = only(result, "aws:lb:Listener").inputs;
    assert.deepEqual([port, protocol, sslPolicy], [443, "TLS", "ELBSecurityPolicy-TLS13-1-2-2021-06"]);
    assert.deepEqual(
      ingress(result, "web-lb-sg").map((rule) => rule.fromPort),
      [443],
    );
  });

  it("refuses what only HTTP has", async () => {
    const paths = await refused({
      scaling: { requestsPerTarget: 10 },
      loadBalancer: {
        type: "network",
        slowStart: 30,
        rules: [{ name: "a", priority: 1, paths: ["/"] }],
        healthCheck: { matcher: "200" },
      },
    });
    assert.deepEqual(paths, [
      "scaling.requestsPerTarget",
      ...["slowStart", "rules", "healthCheck.matcher"].map((field) => `loadBalancer.${field}`),
    ]);
  });
});

describe("AutoScalingFleet: what its load balancer refuses", () => {
  it("is told at once", async () => {
    const paths = await refused({
      loadBalancer: {
        type: "classic",
        certificateArn: "web",
        sslPolicy: "TLS1.2",
        ingressCidrs: ["10.0.0.1/8"],
        accessLogsBucket: "arn:aws:s3:::logs",
        idleTimeout: 0,
        deregistrationDelay: 3601,
        slowStart: 10,
        healthCheck: { interval: 5, timeout: 5, healthyThreshold: 1, unhealthyThreshold: 11, matcher: "ok" },
        rules: [
          { name: "a_b", priority: 0, paths: ["/a"] },
          { name: "api", priority: 1 },
          { name: "api", priority: 1, paths: ["1", "2", "3"], hosts: ["4", "5", "6"], healthPath: "up" },
        ],
      },
    });
    assert.deepEqual(
      paths,
      [
        ...[
          "type",
          "certificateArn",
          "sslPolicy",
          "accessLogsBucket",
          "idleTimeout",
          "deregistrationDelay",
          "slowStart",
        ],
        ...["healthCheck.healthyThreshold", "healthCheck.unhealthyThreshold", "healthCheck.matcher", "ingressCidrs[0]"],
        ...["healthCheck.timeout", "rules[0].name", "rules[0].priority", "rules[1].paths", "rules[2].healthPath"],
        ...["rules[2].name", "rules[2].priority", "rules[2].paths"],
      ].map((field) => `loadBalancer.${field}`),
    );
    assert.deepEqual(await refused({ port: undefined, loadBalancer: {} }), ["loadBalancer"]);
    assert.deepEqual(
      await refused({ loadBalancer: { accessLogsPrefix: "x", sslPolicy: "ELBSecurityPolicy-2016-08" } }),
      ["loadBalancer.accessLogsPrefix", "loadBalancer.sslPolicy"],
    );
    const long = { name: "a-long-name-too", priority: 1, paths: ["/"] };
    const named = await runProgram(
      () => void new AutoScalingFleet("a-fleet-of-mine", { imageId: IMAGE, port: 80, loadBalancer: { rules: [long] } }),
    );
    assert.match(onlyError(named).message, /loadBalancer\.rules\[0\]\.name/);
  });
});

describe("AutoScalingFleet: what watches it", () => {
  const monitoring = { alarms: true, dashboard: true, topicArn: TOPIC };

  it("is nothing unless it is asked for", async () => {
    assert.deepEqual(
      tree(await run({})).filter((line) => /cloudwatch|Notification/.test(line)),
      [],
    );
  });

  it("are alarms that stop a rollout, and are no alarm without data", async () => {
    const result = await run({ monitoring, rollout: { alarmNames: ["mine"] } });
    const alarms = ["web-errors", "web-latency", "web-unhealthy"].map((name) =>
      only(result, "aws:cloudwatch:MetricAlarm", name),
    );
    assert.equal(all(result, "aws:cloudwatch:MetricAlarm").length, alarms.length);
    for (const { inputs } of alarms) {
      assert.deepEqual(
        [inputs.treatMissingData, inputs.alarmActions, inputs.okActions],
        ["notBreaching", [TOPIC], [TOPIC]],
      );
    }
    const dimensions = { LoadBalancer: "app/web-lb/1", TargetGroup: "targetgroup/web-lb/1" };
    assert.deepEqual(alarms[1]!.inputs.dimensions, dimensions);
    const { dependsOn } = only(result, "aws:ssm:Parameter");
    assert.ok(alarms.every(({ name }) => dependsOn.includes(name)));
  });

  it("tells a topic what Auto Scaling could not do", async () => {
    const { inputs } = only(await run({ monitoring }), "aws:autoscaling:Notification");
    assert.deepEqual([inputs.topicArn, inputs.groupNames], [TOPIC, ["web-1234567"]]);
  });

  it("is a dashboard with the version and the load balancer's targets", async () => {
    const { inputs } = only(await run({ monitoring, version: "1.4.0" }), "aws:cloudwatch:Dashboard");
    const body = JSON.parse(inputs.dashboardBody as string) as {
      widgets: { type: string; properties: { title?: string; markdown?: string } }[];
    };
    assert.deepEqual(
      body.widgets.map(({ type, properties }) => properties.title ?? type),
      ["text", "Instances", "CPU", "Hosts", "Requests", "Seconds to answer", "Alarms of the rollout"],
    );
    assert.match(
      body.widgets[0]!.properties.markdown!,
      /^# web 1\.4\.0\n.*ami-0123456789abcdef0.*\/ami\/web\/dev\/live/s,
    );
    assert.equal(inputs.dashboardName, "web-dev");
  });

  it("says of a fleet without instances what it would run", async () => {
    const staged = { monitoring, staged: true, minSize: 0, maxSize: 4, desiredCapacity: 0 };
    const { inputs } = only(await run(staged), "aws:cloudwatch:Dashboard");
    assert.match(inputs.dashboardBody as string, /What it would run: [^"]*\/ami\/web\/dev\/staged`/);
  });

  it("draws no load balancer where there is none", () => {
    const facts = { name: "web", region: "eu-west-1", version: undefined, imageId: IMAGE, groupName: "web-1" };
    const body = dashboardBody({ ...facts, record: "/ami/web/dev/live", staged: false, http: false, alarmArns: [] });
    assert.deepEqual((JSON.parse(body) as { widgets: unknown[] }).widgets.length, 3);
  });

  it("has at most ten alarms in all, and something to watch", async () => {
    const names = Array.from({ length: 8 }, (_, i) => `alarm-${i}`);
    assert.deepEqual(await refused({ monitoring, rollout: { alarmNames: names } }), ["rollout.alarmNames"]);
    assert.deepEqual(await refused({ port: undefined, monitoring: { alarms: true } }), ["monitoring.alarms"]);
    assert.deepEqual(await refused({ monitoring: { errorPercent: 0, latencySeconds: -1, topicArn: "mail" } }), [
      ...["errorPercent", "latencySeconds", "topicArn"].map((field) => `monitoring.${field}`),
    ]);
  });
});

describe("FleetNetwork", () => {
  it("is a VPC of awsx whose default security group lets nothing through", async () => {
    const result = await runProgram(() => {
      const { vpcId, privateSubnetIds, publicSubnetIds } = new FleetNetwork("net", { zones: 3, nat: "one-per-zone" });
      return { vpcId, privateSubnetIds, publicSubnetIds };
    });
    assertFine(result);
    assert.deepEqual(tree(result), [
      "FleetNetwork net",
      "  aws:ec2:DefaultSecurityGroup net-default",
      "  awsx:ec2:Vpc net",
    ]);
    const { inputs } = only(result, "awsx:ec2:Vpc");
    assert.deepEqual([inputs.natGateways, inputs.numberOfAvailabilityZones], [{ strategy: "OnePerAz" }, 3]);
    const { ingress, egress } = only(result, "aws:ec2:DefaultSecurityGroup").inputs;
    assert.deepEqual([ingress, egress], [undefined, undefined]);
    assert.equal(new Set(result.outputs.privateSubnetIds as string[]).size, 3);
  });

  it("has doors for Session Manager where there is no NAT", async () => {
    const result = await runProgram(() => void new FleetNetwork("net", { nat: "none", region: "eu-west-1" }));
    assertFine(result);
    assert.deepEqual(
      all(result, "aws:ec2:VpcEndpoint")
        .map(({ inputs }) => `${inputs.serviceName as string} ${inputs.privateDnsEnabled as boolean}`)
        .sort(),
      ["ec2messages", "ssm", "ssmmessages"].map((service) => `com.amazonaws.eu-west-1.${service} true`),
    );
    const [rule] = only(result, "aws:ec2:SecurityGroup").inputs.ingress as Rule[];
    assert.deepEqual([rule!.fromPort, rule!.cidrBlocks], [443, ["10.0.0.0/16"]]);
  });

  it("refuses what a VPC cannot be", async () => {
    const paths = async (args: object) => {
      const result = await runProgram(() => void new FleetNetwork("net", args));
      return [...onlyError(result).message.matchAll(/^ {2}- ([^:]+):/gm)].map((match) => match[1]);
    };
    assert.deepEqual(await paths({ cidrBlock: "10.0.0.0/28", zones: 1, nat: "two" }), ["cidrBlock", "zones", "nat"]);
    assert.deepEqual(await paths({ cidrBlock: "10.0.0.1/16" }), ["cidrBlock"]);
    assert.deepEqual(await paths({ cidrBlock: "2001:db8::/32", zones: 7 }), ["cidrBlock", "zones"]);
  });
});
