import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { AwsError, type Call, errorAnswer, parseCall, xmlAnswer } from "./emulator/protocol";
import { element, type Element } from "./emulator/xml";
import { ACCOUNT } from "./mockOutputs";

/** One call as it came in: `us-east-1 ec2 DescribeImages`, and its parameters. */
export interface Asked {
  what: string;
  params: { [name: string]: string };
}

export interface AwsStub {
  endpoint: string;
  asked: Asked[];
  /** Answers by action; what has none is refused with UnauthorizedOperation. */
  answers: { [action: string]: (call: Call) => Element[] };
  /** The same for services that speak JSON. */
  documents: { [action: string]: (call: Call) => object };
  close: () => Promise<void>;
}

/** An AWS that knows who asks and refuses everything else: enough to see what a gate asks for first. */
export async function startAwsStub(account = ACCOUNT): Promise<AwsStub> {
  const asked: Asked[] = [];
  const answers: AwsStub["answers"] = {
    GetCallerIdentity: () => [
      element("Account", account),
      element("Arn", `arn:aws:iam::${account}:user/test`),
      element("UserId", "AIDATEST"),
    ],
  };
  const documents: AwsStub["documents"] = {};
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const call = parseCall(request.method ?? "", request.url ?? "", request.headers, Buffer.concat(chunks));
      asked.push({ what: `${call.region} ${call.service} ${call.action}`, params: call.params });
      const document = documents[call.action]?.(call);
      if (document) {
        response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(document));
        return;
      }
      const content = answers[call.action]?.(call);
      const refusal = new AwsError("UnauthorizedOperation", `no answer to ${call.action}`);
      const answer = content ? xmlAnswer(call, content) : errorAnswer(call, refusal);
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { endpoint: `http://127.0.0.1:${port}`, asked, answers, documents, close };
}
