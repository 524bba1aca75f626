/** The HTTP server in front of moto: records, injects faults, refuses what nobody models, and corrects moto. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { borrowedHandlers } from "./borrowed";
import { deregisterHandlers } from "./deregister";
import { faultAnswer, strike } from "./faults";
import { groupHandlers } from "./groups";
import { imageHandlers } from "./images";
import { instanceHandlers, settleMachines } from "./instances";
import { AwsError, errorAnswer, parseCall } from "./protocol";
import type { Answer, Call } from "./protocol";
import { parameterHandlers } from "./parameters";
import { refreshHandlers } from "./refresh";
import { settleRefreshes } from "./refreshRun";
import { unsupported } from "./supported";
import { targetHandlers } from "./targets";
import { templateHandlers } from "./templates";
import type { Handlers, World } from "./world";

const HANDLERS: Handlers = {
  ...instanceHandlers,
  ...imageHandlers,
  ...deregisterHandlers,
  ...templateHandlers,
  ...groupHandlers,
  ...refreshHandlers,
  ...targetHandlers,
  ...parameterHandlers,
  ...borrowedHandlers,
};

/** moto writes its exception a moment after it has answered. */
const LOG_LAG_MS = 100;

export interface RecordedRequest {
  service: string;
  region: string;
  action: string;
  params: Record<string, string>;
  /** The status answered; 0 when the connection was broken. */
  status: number;
  accessKey: string;
  account: string;
}

export class Proxy {
  readonly requests: RecordedRequest[] = [];
  private settling: Promise<void> = Promise.resolve();

  private constructor(
    private readonly world: World,
    private readonly server: Server,
  ) {
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => void this.respond(request, response, Buffer.concat(parts)));
    });
  }

  static async start(world: World): Promise<{ proxy: Proxy; port: number }> {
    const server = createServer();
    const proxy = new Proxy(world, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // Neither the server nor an idle connection may keep a finished test run alive.
    server.unref();
    server.on("connection", (socket) => socket.unref());
    return { proxy, port: (server.address() as { port: number }).port };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Waits for what is being carried out in moto, so that a reset does not cross it. */
  async quiet(): Promise<void> {
    await this.settling;
  }

  private async respond(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    let answer: Answer | "reset";
    try {
      const call = parseCall(request.method ?? "GET", request.url ?? "/", request.headers, body);
      const { service, region, action, params, accessKey, account } = call;
      const entry: RecordedRequest = { service, region, action, params, status: 0, accessKey, account };
      this.requests.push(entry);
      answer = await this.answer(call);
      if (answer !== "reset") entry.status = answer.status;
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      answer = { status: 501, headers: { "content-type": "text/plain" }, body: `the emulator itself failed: ${text}` };
    }
    if (answer === "reset") return void request.socket.destroy();
    response.writeHead(answer.status, { ...answer.headers, "content-length": Buffer.byteLength(answer.body) });
    response.end(answer.body);
  }

  private async answer(call: Call): Promise<Answer | "reset"> {
    const fault = strike(this.world.memory.faults, call);
    if (fault?.delayMs) await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
    const instead = fault && faultAnswer(fault, call);
    if (instead && !fault.late) return instead;
    const answer = await this.perform(call);
    return instead ?? answer;
  }

  private async perform(call: Call): Promise<Answer> {
    const missing = unsupported(call);
    if (missing) return errorAnswer(call, new AwsError("NotImplemented", missing, 501));
    try {
      await this.settle();
      const handler = HANDLERS[`${call.service}.${call.action}`];
      const answer = handler ? await handler(call, this.world) : await this.world.moto.forward(call);
      return await this.explain(call, answer);
    } catch (error) {
      if (error instanceof AwsError) return errorAnswer(call, error);
      throw error;
    }
  }

  /** One at a time: two requests must not both carry out the same step. */
  private settle(): Promise<void> {
    this.settling = this.settling
      .catch(() => undefined)
      .then(async () => {
        await settleMachines(this.world);
        await settleRefreshes(this.world);
      });
    return this.settling;
  }

  /** moto's own breakdowns (a web page with status 500) say nothing, and would look like a transient fault of AWS. */
  private async explain(call: Call, answer: Answer): Promise<Answer> {
    if (answer.status !== 500 || !/html/.test(answer.headers["content-type"] ?? "")) return answer;
    await new Promise((resolve) => setTimeout(resolve, LOG_LAG_MS));
    const text = `moto failed in ${call.service} ${call.action}: ${this.world.moto.lastException()}`;
    return errorAnswer(call, new AwsError("NotImplemented", text, 501));
  }
}
