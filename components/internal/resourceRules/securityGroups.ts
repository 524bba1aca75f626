import { cidrProblems, isIPv6Cidr } from "../cidr";
import type { Problem } from "../problems";
import { matches, type Rule, within } from "../rule";
import { byRules, type Inputs, list, number, record, type ResourceRule, text, valuesAt } from "./inputs";

/** EC2 API, CreateSecurityGroup and IpRange: `Invalid rule description. Valid descriptions are strings less than 256 …`. */
const DESCRIPTION: Rule = {
  test: matches(/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{0,255}$/),
  allowed: "at most 255 letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
  fix: "Shorten it, or write it without other characters",
};

const PORT: Rule = { test: within(0, 65_535), allowed: "a port, 0 to 65535", fix: "Give a port" };

/** What a rule calls its protocol and its ranges. */
interface Fields {
  protocol: string;
  ipv4: string;
  ipv6: string;
}

const WITH_LISTS: Fields = { protocol: "protocol", ipv4: "cidrBlocks[]", ipv6: "ipv6CidrBlocks[]" };
const WITH_ONE: Fields = { protocol: "ipProtocol", ipv4: "cidrIpv4", ipv6: "cidrIpv6" };

/** The protocol in small letters; the provider takes its number too. */
const protocolOf = (value: unknown): string | undefined =>
  (typeof value === "number" ? String(value) : text(value))?.toLowerCase();

/** EC2 API, IpPermission: `Must specify both from and to ports with TCP/UDP`, `TCP/UDP port (-1) out of range`. */
function portProblems(rule: Inputs, protocol: string): Problem[] {
  const missing = ["fromPort", "toPort"].filter((field) => rule[field] === undefined);
  const [from, to] = [number(rule.fromPort), number(rule.toPort)];
  const isTurned = [from, to].every(PORT.test) && (from as number) > (to as number);
  return [
    ...byRules(rule, { fromPort: PORT, toPort: PORT }),
    ...missing.map((path) => ({ path, allowed: `a port, with protocol ${protocol}`, fix: "Give both ports" })),
    ...(isTurned
      ? [{ path: "fromPort", given: from, allowed: `at most toPort (${to})`, fix: "Change one of the two" }]
      : []),
  ];
}

/** The provider's schemas refuse what is no network's address, which EC2 itself would correct. */
function rangeProblems(rule: Inputs, { ipv4, ipv6 }: Fields): Problem[] {
  return [ipv4, ipv6].flatMap((field) =>
    valuesAt(rule, field).flatMap(([path, given]): Problem[] => {
      const range = text(given);
      // IPv4 written in IPv6.
      if (range === undefined || (range.includes(":") && range.includes("."))) return [];
      const wrong = cidrProblems(path, [range]).map((problem) => ({ ...problem, path }));
      if (wrong.length > 0 || isIPv6Cidr(range) === (field === ipv6)) return wrong;
      const [version, other] = field === ipv4 ? ["IPv4", ipv6] : ["IPv6", ipv4];
      return [{ path, given, allowed: `a range of ${version}`, fix: `Give it as ${other.replace("[]", "")}` }];
    }),
  );
}

function ruleProblems(rule: Inputs, fields: Fields): Problem[] {
  const protocol = protocolOf(rule[fields.protocol]) ?? "";
  return [
    ...byRules(rule, { description: DESCRIPTION }),
    ...(/^(tcp|udp|6|17)$/.test(protocol) ? portProblems(rule, protocol) : []),
    ...rangeProblems(rule, fields),
  ];
}

/** With all protocols EC2 ignores the ports; the provider then refuses all but 0 in the lists of a group. */
function allProtocolsProblems(rule: Inputs): Problem[] {
  if (!/^(-1|all)$/.test(protocolOf(rule.protocol) ?? "")) return [];
  const allowed = "0, where the protocol is -1 (all)";
  return byRules(rule, {
    fromPort: { test: within(0, 0), allowed, fix: "Give 0, or a protocol" },
    toPort: { test: within(0, 0), allowed, fix: "Give 0, or a protocol" },
  });
}

const groupProblems: ResourceRule = (inputs) => [
  ...byRules(inputs, { description: DESCRIPTION }),
  ...["ingress", "egress"].flatMap((direction) =>
    list(inputs[direction]).flatMap((value, i) => {
      const rule = record(value);
      const problems = [...ruleProblems(rule, WITH_LISTS), ...allProtocolsProblems(rule)];
      return problems.map((problem) => ({ ...problem, path: `${direction}[${i}].${problem.path}` }));
    }),
  ),
];

/** Sources: the EC2 API's model; `aws_security_group` and the rules beside it in the provider. */
export const SECURITY_GROUP_RULES: { [type: string]: ResourceRule } = {
  "aws:ec2/securityGroup:SecurityGroup": groupProblems,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": groupProblems,
  "aws:ec2/securityGroupRule:SecurityGroupRule": (inputs) => ruleProblems(inputs, WITH_LISTS),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (inputs) => ruleProblems(inputs, WITH_ONE),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": (inputs) => ruleProblems(inputs, WITH_ONE),
};
