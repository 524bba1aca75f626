/** The moto server: started as a child process, and asked over HTTP. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { AwsError } from "./protocol";
import type { Answer, Call, Params } from "./protocol";
import { parseXml, textOf, find, renderXml } from "./xml";
import type { Element } from "./xml";

const SCRIPT = join(__dirname, "moto_server.py");
const START_LIMIT_MS = 30_000;
const LOG_LIMIT = 8_000;
const HOP_BY_HOP = new Set(["connection", "content-length", "transfer-encoding"]);
const VERSIONS: Record<string, string> = { ec2: "2016-11-15", autoscaling: "2011-01-01" };
const SETTINGS = {
  MOTO_EC2_LOAD_DEFAULT_AMIS: "false",
  MOTO_ENABLE_AMI_VALIDATION: "true",
  PYTHONUNBUFFERED: "1",
};

/** Where a request goes: the region and account are as important as the service. */
export interface Place {
  region: string;
  account: string;
}

export class Moto {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 32 });
  private log = "";

  private constructor(
    private readonly child: ChildProcess,
    private port: number,
  ) {
    child.stderr?.on("data", (data: Buffer) => (this.log = (this.log + data.toString()).slice(-LOG_LIMIT)));
  }

  static async start(python: string): Promise<Moto> {
    const child = spawn(python, [SCRIPT], { env: { ...process.env, ...SETTINGS }, stdio: ["pipe", "pipe", "pipe"] });
    process.once("exit", () => child.kill("SIGKILL"));
    const moto = new Moto(child, 0);
    moto.port = await new Promise<number>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`moto did not start: ${why}\n${moto.log}`));
      const timer = setTimeout(() => fail(`no port within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
      child.stdout?.once("data", (data: Buffer) => (clearTimeout(timer), resolve(Number(data.toString().trim()))));
      child.once("exit", (code) => (clearTimeout(timer), fail(`it ended with ${code}`)));
      child.once("error", (error) => (clearTimeout(timer), fail(error.message)));
    });
    // Neither the child nor its pipes may keep a finished test run alive.
    child.unref();
    for (const pipe of [child.stdin, child.stdout, child.stderr])
      (pipe as unknown as { unref(): void } | null)?.unref();
    return moto;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await ended;
  }

  async reset(): Promise<void> {
    await this.send("POST", "/moto-api/reset", {}, "");
  }

  /** Passes a caller's request on, perhaps with other parameters. */
  async forward(call: Call, params?: Params): Promise<Answer> {
    const body = params ? form(call.service, call.action, params) : call.body;
    const passed = Object.entries(call.headers).filter(([name]) => !HOP_BY_HOP.has(name));
    const flatHeaders = Object.fromEntries(passed.map(([name, value]) => [name, String(value)]));
    return this.send(call.method, call.path, { ...flatHeaders, "x-moto-account-id": call.account }, body);
  }

  /** A request of the emulator's own, in a query protocol. */
  async ask(service: string, place: Place, action: string, params: Params = {}): Promise<Element> {
    const headers = { ...sign(service, place), "content-type": "application/x-www-form-urlencoded" };
    const answer = await this.send("POST", "/", headers, form(service, action, params));
    if (answer.status < 400) return parseXml(answer.body);
    const root = answer.body.startsWith("<") ? parseXml(answer.body) : undefined;
    const error = find(root, "Errors", "Error") ?? find(root, "Error");
    throw new AwsError(
      textOf(error, "Code") ?? "InternalError",
      textOf(error, "Message") ?? answer.body,
      answer.status,
    );
  }

  /** A request of the emulator's own, in JSON. */
  async askJson(service: string, place: Place, target: string, body: object): Promise<Record<string, unknown>> {
    const headers = { ...sign(service, place), "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
    const answer = await this.send("POST", "/", headers, JSON.stringify(body));
    const parsed = JSON.parse(answer.body || "{}") as Record<string, unknown>;
    if (answer.status >= 400) throw new AwsError(String(parsed.__type), String(parsed.message), answer.status);
    return parsed;
  }

  /** The last exception that moto wrote to its log: it answers only "500". */
  lastException(): string {
    return this.log.match(/^\w[\w.]*(?:Error|Exception|Interrupt)\b.*$/gm)?.pop() ?? this.log.trim().slice(-300);
  }

  private send(method: string, path: string, headers: Record<string, string>, body: string | Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = { "content-length": String(Buffer.byteLength(body)) };
      const outgoing = request(
        { host: "127.0.0.1", port: this.port, agent: this.agent, method, path, headers: { ...headers, ...length } },
        (incoming) => {
          const parts: Buffer[] = [];
          incoming.on("data", (part: Buffer) => parts.push(part));
          incoming.on("error", reject);
          incoming.on("end", () => {
            const type = incoming.headers["content-type"];
            const kept: Record<string, string> = type ? { "content-type": type } : {};
            resolve({ status: incoming.statusCode ?? 0, headers: kept, body: Buffer.concat(parts).toString() });
          });
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }
}

/** Edits a good XML answer; an error passes as it is. */
export function edit(answer: Answer, change: (root: Element) => void): Answer {
  if (answer.status >= 400) return answer;
  const root = parseXml(answer.body);
  change(root);
  return { ...answer, body: renderXml(root) };
}

function form(service: string, action: string, params: Params): string {
  const version = VERSIONS[service];
  return new URLSearchParams({ Action: action, ...(version && { Version: version }), ...params }).toString();
}

function sign(service: string, { region, account }: Place): Record<string, string> {
  return {
    host: `${service}.${region}.amazonaws.com`,
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    "x-moto-account-id": account,
  };
}
