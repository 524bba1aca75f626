import { architecturesOf } from "./instanceTypes";
import { isKnown, isLiteral } from "./known";
import { defaultInstanceType } from "./names";
import type { Problem } from "./problems";
import { matches, type Rule, within } from "./rule";
import { KEY_ARN, SERVER_RULES } from "./serverRules";
import { bootableTypes, volumeRules } from "./volumeRules";

/** Rules of AWS for plain values. Sources stand beside each. */
export const RULES = {
  ...SERVER_RULES,
  /** Region names as every AWS endpoint has them: EC2 API model. */
  region: {
    test: matches(/^([a-z]+-){2,3}\d+$/),
    allowed: "a region's name such as eu-west-1",
    fix: "Use a name that `aws ec2 describe-regions` lists",
  },
  /** EC2 API: `InvalidAMIID.Malformed`. */
  imageId: {
    test: matches(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/),
    allowed: "an image id such as ami-0123456789abcdef0",
    fix: "Give the id of an image in the component's region",
  },
  /** Launch template and Image Builder API models. */
  instanceType: {
    test: matches(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/),
    allowed: "an instance type such as t3.small",
    fix: "Use a type that `aws ec2 describe-instance-types` lists",
  },
  /** What `pulumi stack output images` of the source says: the boot proof's token, or `adopted`. */
  recipeDigest: {
    test: matches(/^([0-9a-f]{16}|adopted)$/),
    allowed: "a recipe's digest of 16 hex digits, or adopted",
    fix: "Take it over from the stack that made the image",
  },
  architecture: {
    test: matches(/^(x86_64|arm64)$/),
    allowed: "x86_64 or arm64",
    fix: "Use EC2's name of the architecture",
  },
  subnetId: {
    test: matches(/^subnet-[a-z0-9-]+$/),
    allowed: "a subnet id such as subnet-0123456789abcdef0",
    fix: "Give the id of a subnet in the component's region",
  },
  /** gp3: Amazon EBS user guide. */
  rootGiB: {
    test: within(1, 65536),
    allowed: "1 to 65536 (GiB)",
    fix: "Give a size not below that of the base image",
  },
  port: {
    test: within(1, 65535),
    allowed: "a TCP port, 1 to 65535",
    fix: "Give the port the instances listen on",
  },
  /** A line is part of image, parameter and resource names: the narrowest of them rules. */
  line: {
    test: matches(/^[a-zA-Z0-9][a-zA-Z0-9-]{0,62}$/),
    allowed: "1 to 63 letters, digits and hyphens, starting with a letter or digit",
    fix: "Choose a shorter or simpler name",
  },
  /** CreateImage: 3 to 128 characters; the error text's set is narrower than the documentation's. */
  imageName: {
    test: matches(/^[a-zA-Z0-9().\-/_]{3,128}$/),
    allowed: "3 to 128 letters, digits and ( ) . - / _",
    fix: "Shorten the line's or the stack's name",
  },
  minutes: {
    test: within(1, 1440),
    allowed: "whole minutes, 1 to 1440",
    fix: "Give a time limit in minutes",
  },
  recoveryMinutes: {
    test: within(1, 525_600),
    allowed: "whole minutes, 1 to 525600 (a year)",
    fix: "Give a number of minutes",
  },
  /** EnableImageDeprecation: at most 10 years ahead. */
  deprecationDays: { test: within(1, 3650), allowed: "whole days, 1 to 3650", fix: "Give a number of days" },
  size: {
    test: within(0, 10000),
    allowed: "a whole number, 0 to 10000",
    fix: "Give a number of instances",
  },
  /** StartInstanceRefresh: MinHealthyPercentage. */
  minHealthy: { test: within(0, 100), allowed: "0 to 100 (percent)", fix: "Give a percentage" },
  /** StartInstanceRefresh: MaxHealthyPercentage; the two are at most 100 apart. */
  maxHealthy: { test: within(100, 200), allowed: "100 to 200 (percent)", fix: "Give a percentage" },
  percent: { test: within(1, 100), allowed: "1 to 100 (percent)", fix: "Give a percentage" },
  seconds: { test: within(0, 172800), allowed: "0 to 172800 (seconds)", fix: "Give a time in seconds" },
  /** A launch template holds 10,000 versions. */
  templateVersions: {
    test: within(1, 10000),
    allowed: "a whole number, 1 to 10000",
    fix: "Give a number of template versions",
  },
  /** Account ids: AWS Organizations API model. */
  account: {
    test: matches(/^\d{12}$/),
    allowed: "an account id, 12 digits as a text",
    fix: "Give the account's id; quote it in YAML, where a leading 0 is lost",
  },
  /** ModifyImageAttribute takes ARNs only: Organizations API model. */
  organizationArn: {
    test: matches(/^arn:aws[a-z-]*:organizations::\d{12}:organization\/o-[a-z0-9]{10,32}$/),
    allowed: "an organisation's ARN, arn:aws:organizations::ACCOUNT:organization/o-ID",
    fix: "Give the ARN that `aws organizations describe-organization` shows",
  },
  organizationalUnitArn: {
    test: matches(/^arn:aws[a-z-]*:organizations::\d{12}:ou\/o-[a-z0-9]{10,32}\/ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}$/),
    allowed: "an organisational unit's ARN, arn:aws:organizations::ACCOUNT:ou/o-ID/ou-ID",
    fix: "Give the ARN that `aws organizations describe-organizational-unit` shows",
  },
  /** EC2 user guide, "Device names for volumes". */
  deviceName: {
    test: matches(/^(\/dev\/)?[a-z][a-z0-9]{1,31}$/),
    allowed: "a device name such as /dev/sdf or xvdf",
    fix: "Give the name under which the recipe's volume is declared",
  },
  /** KMS, EnableKeyRotation: RotationPeriodInDays. */
  rotationDays: { test: within(90, 2560), allowed: "whole days, 90 to 2560", fix: "Give a number of days" },
  /** KMS, ScheduleKeyDeletion: PendingWindowInDays. */
  deletionDays: { test: within(7, 30), allowed: "whole days, 7 to 30", fix: "Give a number of days" },
  /** Recycle Bin, CreateRule: RetentionPeriodValue. */
  retentionDays: { test: within(1, 365), allowed: "whole days, 1 to 365", fix: "Give a number of days" },
} satisfies { [name: string]: Rule };

/** EC2's limit on user data, in bytes as sent, before base64. */
export const USER_DATA_LIMIT = 16_384;

/** The provider takes ARNs only; an alias can be moved, and a copy would stay under the key that it meant. */
const COPY_KEY = {
  allowed: "a KMS key ARN, arn:aws:kms:REGION:ACCOUNT:key/ID",
  fix: "Give the key's ARN, not its bare id or an alias, which can come to mean another key",
};

/** Collects every problem of one component's plain values; what is known only later (outputs) is passed over. */
export class Checks {
  readonly problems: Problem[] = [];

  rule(name: keyof typeof RULES, path: string, given: unknown): this {
    const { test, allowed, fix } = RULES[name];
    if (isKnown(given) && !test(given)) {
      this.problems.push({ path, given, allowed, fix });
    }
    return this;
  }

  /** Several fields of one object, each by its own rule. */
  fields(rules: { [field: string]: Rule }, given: object, at: (field: string) => string): this {
    for (const [field, { test, allowed, fix }] of Object.entries(rules)) {
      const value = (given as { [field: string]: unknown })[field];
      if (isKnown(value) && !test(value)) this.problems.push({ path: at(field), given: value, allowed, fix });
    }
    return this;
  }

  add(...problems: Problem[]): this {
    this.problems.push(...problems);
    return this;
  }

  /** An instance type must be of the image's architecture: else nothing boots. */
  fits(path: string, instanceType: unknown, architecture: unknown = "x86_64"): this {
    if (typeof instanceType !== "string" || typeof architecture !== "string") return this;
    if (!RULES.instanceType.test(instanceType) || !RULES.architecture.test(architecture)) return this;
    if (architecturesOf(instanceType)?.includes(architecture) === false) {
      this.add({
        path,
        given: instanceType,
        allowed: `a type of ${architecture}, the image's architecture`,
        fix: `Use another type (${defaultInstanceType(architecture)}), or change the recipe's architecture`,
      });
    }
    return this;
  }

  /** Regions to copy to: well-formed, each once, none of them the home region. */
  regions(path: string, regions: string[], home?: unknown): this {
    regions.forEach((region, i) => {
      const at = `${path}[${i}]`;
      this.rule("region", at, region);
      if (regions.indexOf(region) !== i) {
        this.add({ path: at, given: region, allowed: "each region once", fix: "Remove the second mention" });
      }
      if (region === home) {
        this.add({
          path: at,
          given: region,
          allowed: "regions other than the image's own",
          fix: "Remove it: the image is there already",
        });
      }
    });
    return this;
  }

  /** Keys by region: a copy takes a key ARN (no alias, no id) of the region it is made in. */
  keys(
    path: string,
    keys: { [region: string]: unknown } | undefined,
    regions: string[],
    of = "the regions copied to",
  ): this {
    for (const [region, given] of Object.entries(keys ?? {})) {
      const at = `${path}["${region}"]`;
      if (!regions.includes(region)) {
        this.add({
          path: at,
          allowed: `keys of ${of} (${regions.join(", ") || "none"})`,
          fix: "Remove the key, or add the region",
        });
      }
      if (!isKnown(given)) continue;
      const found = KEY_ARN.exec(String(given));
      if (!found) {
        this.add({ path: at, given, ...COPY_KEY });
      } else if (found[1] !== region) {
        this.add({
          path: at,
          given,
          allowed: `a key of ${region}`,
          fix: `Give a key of ${region}, or a replica of this multi-Region key there`,
        });
      }
    }
    return this;
  }

  /** `records`: the tags of a resource as AWS gets them, with this package's own among them. */
  tags(path: string, tags: unknown, { records = false, longestKey = 127 } = {}): this {
    if (tags === null || typeof tags !== "object" || Array.isArray(tags) || !isLiteral(tags)) return this;
    const entries = Object.entries(tags as { [key: string]: unknown });
    if (entries.length > (records ? 50 : 40)) {
      const allowed = records ? "at most 50 tags" : "at most 40 tags (AWS's 50, less this package's own)";
      this.add({ path, given: entries.length, allowed, fix: "Remove some" });
    }
    for (const [key, value] of entries) {
      const at = `${path}["${key}"]`;
      if (/^aws:/i.test(key))
        this.add({ path: at, allowed: "keys that do not start with aws:", fix: "Choose another key" });
      if (!records && /^ami-lifecycle:/.test(key))
        this.add({
          path: at,
          allowed: "keys that do not start with ami-lifecycle:",
          fix: "Choose another key: these hold the records",
        });
      if (key.length < 1 || [...key].length > longestKey)
        this.add({ path: at, allowed: `keys of 1 to ${longestKey} characters`, fix: "Shorten the key" });
      // Of a resource's tags the provider makes texts.
      if (isKnown(value) && typeof value !== "string" && !(records && typeof value !== "object")) {
        this.add({ path: at, given: value, allowed: "a text", fix: "Quote the value" });
      }
      if (typeof value === "string" && [...value].length > 256)
        this.add({ path: at, allowed: "values of at most 256 characters", fix: "Shorten the value" });
    }
    return this;
  }

  /** EC2's limit, before the text is put in base64. */
  userData(path: string, given: unknown): this {
    return this.userDataBytes(path, typeof given === "string" ? Buffer.byteLength(given) : 0);
  }

  userDataBytes(path: string, bytes: number): this {
    if (bytes <= USER_DATA_LIMIT) return this;
    const allowed = `at most ${USER_DATA_LIMIT} bytes (EC2's limit)`;
    return this.add({ path, given: `${bytes} bytes`, allowed, fix: "Bake it into the image" });
  }

  volume(path: string, volume: { [field: string]: unknown }, root: boolean): this {
    return this.add(...volumeRules(path, volume, root ? bootableTypes : undefined));
  }
}
