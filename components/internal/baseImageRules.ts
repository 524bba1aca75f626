import { suggest } from "./nearest";
import type { Problem } from "./problems";

/** A way to look an image up, once it is known to be right. */
export interface BaseImageQuery {
  ssmParameter?: string;
  owner?: string;
  namePattern?: string;
  productCode?: string;
}

const FIELDS = ["ssmParameter", "owner", "namePattern", "productCode"] as const;

/** What each field may hold, by AWS's rules. */
const RULES: { [field in (typeof FIELDS)[number]]: { test: (text: string) => boolean; allowed: string; fix: string } } =
  {
    // SSM, GetParameter: letters, digits and . - _ /, 1,011 characters with the ARN in front, 15 levels.
    ssmParameter: {
      test: (text) => /^[a-zA-Z0-9_.\-/]{1,1011}$/.test(text) && text.split("/").filter(Boolean).length <= 15,
      allowed: "an SSM parameter's name: letters, digits and . - _ /, at most 15 levels",
      fix: "Give the name as `aws ssm get-parameter` takes it",
    },
    owner: {
      test: (text) => /^(\d{12}|self|amazon)$/.test(text),
      allowed: "an account id of 12 digits as a text, self or amazon",
      fix: "Give the publisher's account id; for AWS Marketplace use productCode",
    },
    // CreateImage's characters, with DescribeImages' wildcards.
    namePattern: {
      test: (text) => /^[a-zA-Z0-9()[\] ./\-'@_*?]{1,128}$/.test(text) && /[a-zA-Z0-9]/.test(text),
      allowed: "an image's name of 1 to 128 characters with * and ? in it",
      fix: "Use the characters of image names, and not wildcards alone",
    },
    productCode: {
      test: (text) => /^[a-z0-9]{16,40}$/.test(text),
      allowed: "a product code of small letters and digits, such as abcdefghij0123456789klmno",
      fix: "Give the code that `aws ec2 describe-images` shows in ProductCodes: the product's id (prod-…) is another",
    },
  };

/** Everything wrong with the way a base image is looked up. */
export function baseImageProblems(path: string, given: unknown, baseImageId: unknown): Problem[] {
  const problems: Problem[] = [];
  if (given === undefined || given === null) return problems;
  const add = (at: string, value: unknown, allowed: string, fix: string) =>
    problems.push({ path: at, given: value, allowed, fix });
  const ways = "exactly one of ssmParameter, owner with namePattern, and productCode";
  if (typeof given !== "object" || Array.isArray(given)) {
    add(path, given, ways, "Write it as an object");
    return problems;
  }
  const fields = given as { [field: string]: unknown };
  const set = Object.keys(fields).filter((field) => fields[field] !== undefined && fields[field] !== null);
  for (const field of set) {
    const known = RULES as { [field: string]: (typeof RULES)["owner"] | undefined };
    const rule = Object.hasOwn(known, field) ? known[field] : undefined;
    if (!rule) add(`${path}.${field}`, undefined, FIELDS.join(", "), suggest(field, FIELDS));
    else if (typeof fields[field] !== "string" || !rule.test(fields[field]))
      add(`${path}.${field}`, fields[field], rule.allowed, rule.fix);
  }
  const has = (field: string) => set.includes(field);
  const byName = has("owner") || has("namePattern");
  if (has("namePattern") && !has("owner")) {
    add(
      `${path}.owner`,
      undefined,
      "an owner, with namePattern: anybody can publish an image under that name",
      "Give the publisher's account id, self or amazon",
    );
  }
  if (has("owner") && !has("namePattern"))
    add(`${path}.namePattern`, undefined, "a name, with owner", "Give the name, with * and ?");
  const count = [has("ssmParameter"), byName, has("productCode")].filter(Boolean).length;
  if (count !== 1) add(path, set.join(", ") || "none", ways, count === 0 ? "Set one" : "Remove the others");
  if (baseImageId !== undefined)
    add(path, undefined, "either baseImage or baseImageId", "Remove one: an id needs no look-up");
  return problems;
}

/** The choice in one line: part of the user data, so that another choice makes another base instance. */
export function describeQuery({ ssmParameter, owner, namePattern, productCode }: BaseImageQuery): string {
  if (ssmParameter !== undefined) return `SSM parameter ${ssmParameter}`;
  return productCode !== undefined ? `Marketplace product ${productCode}` : `${namePattern} of ${owner}`;
}
