/**
 * The protocols the installed SDK clients speak: ec2 (form in, XML out), query (auto-scaling, sts, iam: form in, XML with
 * a Result out) and JSON 1.1 (ssm, kms). None of these clients uses CBOR.
 */
import type { IncomingHttpHeaders } from "node:http";
import { element, renderXml } from "./xml";
import type { Element } from "./xml";

export type Protocol = "ec2" | "query" | "json";
export type Params = Record<string, string>;

export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  protocol: Protocol;
  region: string;
  service: string;
  action: string;
  /** Flat, as on the wire: `InstanceId.1`. JSON bodies: their top-level fields. */
  params: Params;
  accessKey: string;
  account: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** An error that AWS would answer, thrown anywhere in the emulator. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = statusOf(code),
  ) {
    super(message);
  }
}

export const DEFAULT_ACCOUNT = "111122223333";

/** An access key of twelve digits is that account's; every other key is the default account's. */
export function accountOf(accessKey: string): string {
  return /^\d{12}$/.test(accessKey) ? accessKey : DEFAULT_ACCOUNT;
}

export function parseCall(method: string, path: string, headers: IncomingHttpHeaders, body: Buffer): Call {
  const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? "");
  const [accessKey, region, service] = [scope?.[1] ?? "", scope?.[2] ?? "us-east-1", scope?.[3] ?? "unsigned"];
  const common = { method, path, headers, body, region, service, accessKey, account: accountOf(accessKey) };
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    const fields = JSON.parse(body.toString() || "{}") as Record<string, unknown>;
    const params = Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, flat(value)]));
    return { ...common, protocol: "json", action: target.split(".").pop() ?? "", params };
  }
  if (headers["smithy-protocol"]) throw new Error(`the emulator does not speak ${String(headers["smithy-protocol"])}`);
  const params: Params = Object.fromEntries(new URLSearchParams(body.toString()));
  const action = params.Action ?? `${method} ${path}`;
  delete params.Action;
  delete params.Version;
  return { ...common, protocol: service === "ec2" ? "ec2" : "query", action, params };
}

function flat(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function statusOf(code: string): number {
  if (/^(RequestLimitExceeded|Unavailable|ServiceUnavailable)$/.test(code)) return 503;
  if (/^(InternalError|InternalFailure|InternalServerError|Insufficient\w*Capacity)$/.test(code)) return 500;
  if (/^(UnauthorizedOperation|ExpiredToken|InvalidClientTokenId|SignatureDoesNotMatch|AccessDenied)$/.test(code))
    return 403;
  if (/^(AuthFailure)$/.test(code)) return 401;
  return 400;
}

export function errorAnswer(call: Call, error: AwsError): Answer {
  const id = "emulator-error";
  if (call.protocol === "json") {
    const body = JSON.stringify({ __type: error.code, message: error.message });
    return { status: error.status, headers: { "content-type": "application/x-amz-json-1.1" }, body };
  }
  const pair = [element("Code", error.code), element("Message", error.message)];
  const root =
    call.protocol === "ec2"
      ? element("Response", [element("Errors", [element("Error", pair)]), element("RequestID", id)])
      : element("ErrorResponse", [element("Error", [element("Type", "Sender"), ...pair]), element("RequestId", id)]);
  return { status: error.status, headers: { "content-type": "text/xml" }, body: renderXml(root) };
}

/** A good answer made by the emulator itself, in the call's XML protocol. */
export function xmlAnswer(call: Call, content: Element[]): Answer {
  const inner = call.protocol === "ec2" ? content : [element(`${call.action}Result`, content)];
  const root = element(`${call.action}Response`, [element("requestId", "emulator"), ...inner]);
  return { status: 200, headers: { "content-type": "text/xml" }, body: renderXml(root) };
}

/** The values of `Prefix.1`, `Prefix.2`, … in order. */
export function values(params: Params, prefix: string): string[] {
  const found: string[] = [];
  for (let n = 1; params[`${prefix}.${n}`] !== undefined; n++) found.push(params[`${prefix}.${n}`]!);
  return found;
}

/** The parameters below a prefix, without it: `under(p, "DesiredConfiguration.")`. */
export function under(params: Params, prefix: string): Params {
  const found = Object.entries(params).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(found.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Flat parameters as the elements AWS echoes them in: `A.B.member.1.C` becomes A, B, member, C. */
export function echo(params: Params): Element[] {
  const heads = [...new Set(Object.keys(params).map((key) => key.split(".")[0]!))];
  return heads.flatMap((head): Element[] => {
    if (params[head] !== undefined) return [element(head, params[head])];
    const below = under(params, `${head}.`);
    if (head !== "member") return [element(head, echo(below))];
    const numbers = [...new Set(Object.keys(below).map((key) => key.split(".")[0]!))].sort(
      (a, b) => Number(a) - Number(b),
    );
    return numbers.map((n) =>
      below[n] !== undefined ? element("member", below[n]) : element("member", echo(under(below, `${n}.`))),
    );
  });
}

/** Tags asked for in `TagSpecification.n` for one kind of resource. */
export function tagSpecification(params: Params, kind: string): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let n = 1; params[`TagSpecification.${n}.ResourceType`] !== undefined; n++) {
    if (params[`TagSpecification.${n}.ResourceType`] !== kind) continue;
    const own = under(params, `TagSpecification.${n}.Tag.`);
    for (let m = 1; own[`${m}.Key`] !== undefined; m++) tags[own[`${m}.Key`]!] = own[`${m}.Value`] ?? "";
  }
  return tags;
}

/** A filter taken out of the parameters, for values that the emulator knows better than moto. */
export function takeFilter(params: Params, name: string): { params: Params; accepted?: string[] } {
  const filters: { name: string; values: string[] }[] = [];
  for (let n = 1; params[`Filter.${n}.Name`] !== undefined; n++) {
    filters.push({ name: params[`Filter.${n}.Name`]!, values: values(params, `Filter.${n}.Value`) });
  }
  const taken = filters.find((filter) => filter.name === name);
  if (!taken) return { params };
  const rest = Object.fromEntries(Object.entries(params).filter(([key]) => !key.startsWith("Filter.")));
  filters
    .filter((filter) => filter !== taken)
    .forEach((filter, at) => {
      rest[`Filter.${at + 1}.Name`] = filter.name;
      filter.values.forEach((value, index) => (rest[`Filter.${at + 1}.Value.${index + 1}`] = value));
    });
  return { params: rest, accepted: taken.values };
}
