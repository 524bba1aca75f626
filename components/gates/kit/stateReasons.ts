import type { Instance } from "@aws-sdk/client-ec2";
import { lastLines } from "../../internal/markers";

/** What it ends with when a key of its volumes cannot be used, and seldom for another reason. */
const KEY = /^Client\.(InternalError|InvalidKMSKey)/;

/**
 * What AWS's reason for an instance's end means, and what to do. Codes: EC2 API reference, StateReason; the key's by
 * issue threads of Auto Scaling and EBS encryption.
 */
const REASONS: [code: RegExp, meaning: string, next: string][] = [
  [
    KEY,
    "most often the KMS key of an encrypted volume cannot be used: disabled, about to be deleted, or not allowed",
    "look at the key of the image's snapshots (aws kms describe-key): it must be enabled, and whoever runs `pulumi up` allowed to use it (kms:Decrypt, kms:CreateGrant)",
  ],
  [/^Client\.VolumeLimitExceeded/, "the quota of EBS storage is used up", "raise the quota, or remove volumes"],
  [/^Client\.InvalidSnapshot\.NotFound/, "a snapshot of the image is gone", "bake a new version"],
  [
    /^Client\.InstanceTerminated/,
    "it was terminated or rebooted while an image was made of it",
    "somebody or something else works on it: find out who, then make a new one",
  ],
  [
    /^Client\.UserInitiated(Shutdown|Hibernate)/,
    "somebody did it by the API: a person, a policy, a clean-up job, or this gate at its time limit in an earlier run",
    "find out who: aws cloudtrail lookup-events REGION--lookup-attributes AttributeKey=ResourceName,AttributeValue=INSTANCE",
  ],
  [
    /^Server\.Spot/,
    "AWS took a Spot instance back",
    "run `pulumi up` again, or use an On-Demand instance: a bake is too short to be worth the risk",
  ],
  [
    /^Server\.(InsufficientInstanceCapacity|InternalError|ScheduledStop)/,
    "AWS had no capacity or a fault of its own",
    "another instance type or subnet (another zone) helps when trying again does not",
  ],
];

/** Why AWS says the instance is in its state, e.g. `Client.InternalError: Client error on launch`. */
export function stateReason(instance: Instance | undefined): string | undefined {
  const { Code, Message } = instance?.StateReason ?? {};
  if (!Code && !Message) return undefined;
  return Message?.startsWith(Code ?? "\0") ? Message : [Code, Message].filter(Boolean).join(": ");
}

/** What that means, where it is known, and what to do then. */
export function explain(instance: Instance | undefined): { meaning?: string; next: string[] } {
  const { Code, Message } = instance?.StateReason ?? {};
  const text = Code ?? Message ?? "";
  const [, meaning, next] = REASONS.find(([code]) => code.test(text)) ?? [];
  if (next === undefined) return { meaning, next: [] };
  const region = instance?.Placement?.AvailabilityZone?.replace(/[a-z]$/, "");
  const command = next
    .replace("REGION", region ? `--region ${region} ` : "")
    .replace("INSTANCE", instance?.InstanceId ?? "INSTANCE");
  return { meaning, next: [command] };
}

/** What a failure quotes of a machine that ended: what AWS's reason means, then the console's last lines. */
export function lastWords(instance: Instance | undefined, text: string): string[] {
  const { meaning } = explain(instance);
  return [...(meaning ? [meaning] : []), ...lastLines(text)];
}

/** Whether it ended because a key could not be used, as far as AWS says it. */
export const isAboutKey = (instance: Instance | undefined): boolean =>
  KEY.test(instance?.StateReason?.Code ?? instance?.StateReason?.Message ?? "");
