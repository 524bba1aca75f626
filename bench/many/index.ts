import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// As many resources as config says, in components of ten, over as many regions: what the simulation is measured with.
const config = new pulumi.Config();
const resources = config.requireNumber("resources");
const regions = config.requireNumber("regions");

class Ten extends pulumi.ComponentResource {
  constructor(name: string, count: number, region: string, role: pulumi.Input<string>) {
    super("many:index:Ten", name);
    let before: aws.ssm.Parameter | undefined;
    for (let at = 0; at < count; at++) {
      before = new aws.ssm.Parameter(
        `${name}-${at}`,
        { type: "String", insecureValue: before?.arn ?? role, region, tags: { component: name } },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
for (let from = 0; from < resources; from += 10) {
  new Ten(`ten-${from / 10}`, Math.min(10, resources - from), `bench-${(from / 10) % regions}`, role.arn);
}
