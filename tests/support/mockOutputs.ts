import { createHash } from "node:crypto";

/** The account every mocked resource is in. */
export const ACCOUNT = "111122223333";

type Properties = { [key: string]: unknown };

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** Ids as AWS makes them, but the same in every run: from the resource's URN. */
const idOf = (prefix: string, urn: string): string =>
  `${prefix}-${createHash("sha256").update(urn).digest("hex").slice(0, 17)}`;

const uuidOf = (urn: string): string =>
  createHash("sha256")
    .update(urn)
    .digest("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

interface Made {
  id: string;
  state: Properties;
}

/** What a provider gives back: the id, and what AWS adds to the inputs. */
type Maker = (inputs: Properties, region: string, urn: string) => Made;

const ec2 =
  (prefix: string, kind: string, more: (inputs: Properties) => Properties = () => ({})): Maker =>
  (inputs, region, urn) => {
    const id = idOf(prefix, urn);
    return { id, state: { arn: `arn:aws:ec2:${region}:${ACCOUNT}:${kind}/${id}`, ...more(inputs) } };
  };

const named =
  (arn: (name: string, region: string) => string): Maker =>
  (inputs, region, urn) => {
    const name = text(inputs.name) || `${urn.split("::")[3]}-1234567`;
    return { id: name, state: { name, arn: arn(name, region) } };
  };

const MAKERS: { [type: string]: Maker } = {
  "aws:ec2/instance:Instance": ec2("i", "instance", (inputs) => ({
    subnetId: text(inputs.subnetId) || "subnet-default",
    privateIp: "10.0.0.5",
    ...(inputs.associatePublicIpAddress === true && { publicIp: "203.0.113.5" }),
  })),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/amiFromInstance:AmiFromInstance": ec2("ami", "image", () => ({ ownerId: ACCOUNT })),
  "aws:ec2/amiCopy:AmiCopy": ec2("ami", "image", () => ({ ownerId: ACCOUNT })),
  "aws:ec2/launchTemplate:LaunchTemplate": (inputs, region, urn) => {
    const name = text(inputs.name) || `${urn.split("::")[3]}-1234567`;
    return ec2("lt", "launch-template", () => ({ name, latestVersion: 7 }))(inputs, region, urn);
  },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": (_inputs, region, urn) => {
    const id = idOf("policy", urn);
    return { id, state: { arn: `arn:aws:dlm:${region}:${ACCOUNT}:policy/${id}` } };
  },
  "aws:ec2/tag:Tag": (inputs) => ({ id: `${text(inputs.resourceId)},${text(inputs.key)}`, state: {} }),
  "aws:kms/key:Key": (_inputs, region, urn) => {
    const keyId = uuidOf(urn);
    return { id: keyId, state: { keyId, arn: `arn:aws:kms:${region}:${ACCOUNT}:key/${keyId}` } };
  },
  "aws:kms/alias:Alias": named((name, region) => `arn:aws:kms:${region}:${ACCOUNT}:${name}`),
  "aws:rbin/rule:Rule": (_inputs, region, urn) => {
    const id = uuidOf(urn).replaceAll("-", "").slice(0, 11);
    return { id, state: { arn: `arn:aws:rbin:${region}:${ACCOUNT}:rule/${id}` } };
  },
  "aws:route53/record:Record": (inputs, _region, urn) => ({ id: idOf("record", urn), state: { fqdn: inputs.name } }),
  "aws:ssm/parameter:Parameter": named((name, region) => `arn:aws:ssm:${region}:${ACCOUNT}:parameter${name}`),
  "aws:autoscaling/group:Group": named(
    (name, region) => `arn:aws:autoscaling:${region}:${ACCOUNT}:autoScalingGroup:uuid:autoScalingGroupName/${name}`,
  ),
  "aws:iam/role:Role": named((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`),
  "aws:iam/instanceProfile:InstanceProfile": named((name) => `arn:aws:iam::${ACCOUNT}:instance-profile/${name}`),
  "awsx:ec2:Vpc": (inputs, _region, urn) => {
    const zones = Array.from({ length: Number(inputs.numberOfAvailabilityZones) }, (_, zone) => zone);
    const subnets = (kind: string) => zones.map((zone) => idOf("subnet", `${urn}-${kind}-${zone}`));
    return {
      id: "",
      state: {
        vpcId: idOf("vpc", urn),
        privateSubnetIds: subnets("private"),
        publicSubnetIds: subnets("public"),
      },
    };
  },
  "awsx:lb:ApplicationLoadBalancer": (_inputs, region, urn) => {
    const name = urn.split("::")[3] ?? "";
    const arn = `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}`;
    return {
      id: "",
      state: {
        loadBalancer: { arn: `${arn}:loadbalancer/app/${name}/1`, dnsName: `${name}.${region}.elb.amazonaws.com` },
        defaultTargetGroup: { arn: `${arn}:targetgroup/${name}/1` },
      },
    };
  },
};

/** A subnet that the program itself has made, as a look-up finds it. */
export const madeSubnet = (token: string, { id }: Properties): { id: string; vpcId: string } | undefined =>
  token === "aws:ec2/getSubnet:getSubnet" && typeof id === "string" && /^subnet-[0-9a-f]{17}$/.test(id)
    ? { id, vpcId: `vpc-${id.slice(-17)}` }
    : undefined;

/** The id and the outputs of a resource, made from its inputs. Components have neither. */
export function make(type: string, inputs: Properties, region: string, urn: string, custom: boolean): Made {
  const maker = MAKERS[type];
  if (!maker) return { id: custom ? idOf("id", urn) : "", state: { ...inputs } };
  const { id, state } = maker(inputs, region, urn);
  return { id, state: { ...inputs, ...state } };
}
