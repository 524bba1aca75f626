import { suggest } from "./nearest";
import { matches, type Rule, within } from "./rule";
import { Checks } from "./rules";

export const ROUTING = ["failover", "weighted"];

const FIELDS: { [field: string]: Rule } = {
  hostedZoneId: {
    test: matches(/^Z[A-Z0-9]{1,31}$/),
    allowed: "a hosted zone's id, such as Z0123456789ABCDEFGHIJ",
    fix: "Give the id that `aws route53 list-hosted-zones` shows, without /hostedzone/",
  },
  name: {
    test: matches(/^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?\.?$/i),
    allowed: "a domain name, e.g. www.example.com",
    fix: "Give the whole name, in the hosted zone",
  },
  healthPath: { test: matches(/^\/[^\n]{0,254}$/), allowed: "a path of at most 255 characters", fix: "Add the /" },
};

const WEIGHT: { [field: string]: Rule } = {
  weight: { test: within(0, 255), allowed: "0 to 255", fix: "Give a share" },
};

/** The plain values of the records' arguments. Limits: Route 53 API, ChangeResourceRecordSets and CreateHealthCheck. */
export interface FailoverValues {
  policy?: unknown;
  targets: { region: unknown; weight?: unknown }[];
  tags?: unknown;
}

export function failoverRecordsProblems(name: string, args: FailoverValues): Checks {
  const { policy = "failover", targets } = args;
  const checks = new Checks()
    .rule("line", "name", name)
    .fields(FIELDS, args, (field) => field)
    .tags("tags", args.tags);
  if (!ROUTING.includes(String(policy))) {
    const fix = suggest(String(policy), ROUTING);
    checks.add({ path: "policy", given: policy, allowed: ROUTING.join(", "), fix });
  }
  const isFailover = policy === "failover";
  if (isFailover ? targets.length !== 2 : targets.length < 1 || targets.length > 10) {
    const allowed = isFailover ? "two, the primary first" : "1 to 10";
    checks.add({ path: "targets", given: targets.length, allowed, fix: "Change the list" });
  }
  targets.forEach((target, i) => {
    const at = (field: string) => `targets[${i}].${field}`;
    checks.rule("region", at("region"), target.region).fields(WEIGHT, target, at);
    if (targets.findIndex(({ region }) => region === target.region) !== i) {
      checks.add({
        path: at("region"),
        given: target.region,
        allowed: "each region once",
        fix: "Remove the second one",
      });
    }
    if (isFailover && target.weight !== undefined) {
      checks.add({ path: at("weight"), given: target.weight, allowed: "only with weighted", fix: "Remove it" });
    }
  });
  return checks;
}
