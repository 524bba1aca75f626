import * as http from "node:http";
import type { AddressInfo } from "node:net";

/** What EC2 tells a machine about itself. */
export interface Instance {
  id: string;
  /** Last number of its address, 172.31.0.N. */
  host: number;
  /** Served as it is, gzipped or not. */
  userData: Buffer;
}

type Tree = { [name: string]: string | Buffer | Tree };

const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKtQ0Y1Yx3nCqmq1s0r3nZk8mO1u2vZ0w0bC4dE5fG6h test@example";

export const addressOf = ({ host }: Instance) => `172.31.0.${host}`;
/** Another machine has another card, as on EC2: what an image remembers of the first must do no harm. */
export const macOf = ({ host }: Instance) => `02:00:ac:1f:00:${host.toString(16).padStart(2, "0")}`;

function treeOf(instance: Instance): Tree {
  const address = addressOf(instance);
  const name = `ip-${address.replaceAll(".", "-")}.ec2.internal`;
  const identity = { accountId: "111122223333", instanceId: instance.id, region: "us-east-1", privateIp: address };
  return {
    "user-data": instance.userData,
    "meta-data": {
      "ami-id": "ami-0123456789abcdef0",
      "ami-launch-index": "0",
      hostname: name,
      "instance-id": instance.id,
      "instance-type": "t3.small",
      "local-hostname": name,
      "local-ipv4": address,
      mac: macOf(instance),
      network: {
        interfaces: {
          macs: {
            [macOf(instance)]: {
              "device-number": "0",
              "local-hostname": name,
              "local-ipv4s": address,
              mac: macOf(instance),
              "subnet-ipv4-cidr-block": "172.31.0.0/20",
            },
          },
        },
      },
      placement: { "availability-zone": "us-east-1a", region: "us-east-1" },
      "public-keys": { "0": { "openssh-key": PUBLIC_KEY } },
      services: { domain: "amazonaws.com", partition: "aws" },
    },
    dynamic: { "instance-identity": { document: JSON.stringify(identity) } },
  };
}

/** EC2's metadata service for one machine, as IMDSv2 with tokens required: one without a token gets 401. */
export class Metadata {
  private constructor(
    private readonly server: http.Server,
    /** What was asked for and answered, in order: `GET /2021-03-23/user-data 200`. */
    readonly asked: readonly string[],
  ) {}

  static async serve(instance: Instance): Promise<Metadata> {
    const tree = treeOf(instance);
    const tokens = new Set<string>();
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      const { status, body } = answer(request, tree, tokens);
      asked.push(`${request.method} ${request.url} ${status}`);
      response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": body.length, Server: "EC2ws" });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Metadata(server, asked);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

interface Answer {
  status: number;
  body: Buffer;
}

function answer(request: http.IncomingMessage, tree: Tree, tokens: Set<string>): Answer {
  const say = (status: number, body: string | Buffer = "") => ({ status, body: Buffer.from(body as string) });
  const { pathname } = new URL(request.url ?? "/", "http://metadata");
  if (pathname === "/latest/api/token") {
    if (request.method !== "PUT" || !request.headers["x-aws-ec2-metadata-token-ttl-seconds"]) return say(400);
    const token = `token-${tokens.size + 1}`;
    tokens.add(token);
    return say(200, token);
  }
  if (!tokens.has(String(request.headers["x-aws-ec2-metadata-token"]))) return say(401);
  const [version, ...names] = pathname.split("/").filter(Boolean);
  if (!["latest", "2009-04-04", "2016-09-02", "2018-09-24", "2021-03-23"].includes(version ?? "")) return say(404);
  let found: Tree | string | Buffer | undefined = tree;
  for (const name of names) found = isTree(found) ? found[name] : undefined;
  if (found === undefined) return say(404);
  return say(200, isTree(found) ? listing(found, names.at(-1)) : found);
}

const isTree = (found: Tree | string | Buffer | undefined): found is Tree =>
  typeof found === "object" && !Buffer.isBuffer(found);

/** A directory's names, those of directories with a slash; keys are listed as `0=name`. */
function listing(tree: Tree, of?: string): string {
  const line = ([name, value]: [string, Tree[string]]) => {
    if (of === "public-keys") return `${name}=test`;
    return isTree(value) ? `${name}/` : name;
  };
  return Object.entries(tree).map(line).join("\n");
}
