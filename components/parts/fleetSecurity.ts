import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LoadBalancerArgs } from "../loadBalancerArgs";
import { regionOption } from "./component";
import type { FleetNetworkSpec } from "./fleetNetwork";

const ANYWHERE = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] };

/** The instances' ports: the fleet's, and those of the load balancer's rules. */
export const targetPorts = (port: number, balancer: LoadBalancerArgs = {}): number[] => [
  ...new Set([port, ...(balancer.rules ?? []).map((rule) => rule.port ?? port)]),
];

/** The ports that the load balancer listens on. */
export function listenerPorts({ certificateArn, type }: LoadBalancerArgs): [port: number, what: string][] {
  const tcp = type === "network";
  const open: [number, string] = [80, tcp ? "TCP" : "HTTP"];
  if (certificateArn === undefined) return [open];
  return tcp ? [[443, "TLS"]] : [open, [443, "HTTPS"]];
}

/**
 * The security groups: the load balancer's takes its listeners' ports from the world, or from whom it is said; the
 * instances' takes their ports only from the load balancer.
 */
export function fleetSecurityGroups(
  spec: FleetNetworkSpec,
  vpcId: pulumi.Output<string>,
  port: number | undefined,
  balancerArgs: LoadBalancerArgs = {},
): { balancer?: aws.ec2.SecurityGroup; instances: aws.ec2.SecurityGroup } {
  const balancer = port === undefined ? undefined : balancerGroup(spec, vpcId, port, balancerArgs);
  const ports = port === undefined ? [] : targetPorts(port, balancerArgs);
  const instances = new aws.ec2.SecurityGroup(
    `${spec.name}-sg`,
    {
      description: `Instances of ${spec.name}: reachable from its load balancer only`,
      vpcId,
      ingress: balancer
        ? ports.map((one) => ({
            protocol: "tcp",
            fromPort: one,
            toPort: one,
            securityGroups: [balancer.id],
            description: "Load balancer",
          }))
        : [],
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, description: "All", ...ANYWHERE }],
      tags: spec.tags,
      ...regionOption(spec.region),
    },
    { parent: spec.owner },
  );
  return { balancer, instances };
}

function balancerGroup(
  spec: FleetNetworkSpec,
  vpcId: pulumi.Output<string>,
  port: number,
  args: LoadBalancerArgs,
): aws.ec2.SecurityGroup {
  const sources = sourcesOf(args.ingressCidrs);
  return new aws.ec2.SecurityGroup(
    `${spec.name}-lb-sg`,
    {
      // The same whatever it lets in: another description would replace it.
      description: `Load balancer of ${spec.name}: HTTP from everywhere`,
      vpcId,
      ingress: listenerPorts(args).map(([number, description]) => ({
        protocol: "tcp",
        fromPort: number,
        toPort: number,
        description,
        ...sources,
      })),
      egress: targetPorts(port, args).map((one) => ({
        protocol: "tcp",
        fromPort: one,
        toPort: one,
        description: "Instances",
        ...ANYWHERE,
      })),
      tags: spec.tags,
      ...regionOption(spec.region),
    },
    { parent: spec.owner },
  );
}

/** CIDR blocks by their kind; blocks known only later are taken for IPv4. */
function sourcesOf(
  cidrs: pulumi.Input<string>[] | undefined,
): typeof ANYWHERE | { [kind: string]: pulumi.Input<string>[] } {
  if (!cidrs) return ANYWHERE;
  const isV6 = (cidr: pulumi.Input<string>) => typeof cidr === "string" && cidr.includes(":");
  return { cidrBlocks: cidrs.filter((cidr) => !isV6(cidr)), ipv6CidrBlocks: cidrs.filter(isV6) };
}
