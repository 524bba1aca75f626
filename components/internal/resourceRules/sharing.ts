import type { Problem } from "../problems";
import { isKnown } from "../known";
import { matches, type Rule } from "../rule";
import { RULES } from "../rules";
import { KMS_ARN } from "../serverRules";
import { byRules, flag, type Inputs, isKnownOrAbsent } from "./inputs";
import { keyProblems } from "./volumes";

const RECEIVERS = ["accountId", "group", "organizationArn", "organizationalUnitArn"];

/** ModifyImageAttribute: one receiver at a time. */
export function launchPermissionProblems(inputs: Inputs): Problem[] {
  const given = RECEIVERS.filter((field) => inputs[field] !== undefined);
  return [
    ...byRules(inputs, {
      accountId: RULES.account,
      organizationArn: RULES.organizationArn,
      organizationalUnitArn: RULES.organizationalUnitArn,
      group: { test: (value) => value === "all", allowed: "all", fix: "Name an account, organisation or unit" },
    }),
    ...(given.length === 1
      ? []
      : [
          {
            path: given[0] ?? "accountId",
            ...(given.length > 1 && { given: given.join(", ") }),
            allowed: `exactly one of ${RECEIVERS.join(", ")}`,
            fix: "Make a resource for each receiver",
          },
        ]),
  ];
}

export const volumePermissionProblems = (inputs: Inputs): Problem[] => byRules(inputs, { accountId: RULES.account });

/** CopyImage takes any name of a key, the provider's schema of `aws_ami_copy` an ARN only. */
const COPY_KEY: Rule = {
  test: matches(KMS_ARN),
  allowed: "an ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID, or of an alias",
  fix: "Give the key's ARN",
};

/** The key is looked for in the region copied to. */
export function copyProblems(inputs: Inputs, region: string | undefined): Problem[] {
  return [
    ...byRules(inputs, { sourceAmiRegion: RULES.region, kmsKeyId: COPY_KEY }),
    ...keyProblems("", inputs, region),
  ];
}

/** KMS: EnableKeyRotation and ScheduleKeyDeletion. */
export function kmsKeyProblems(inputs: Inputs): Problem[] {
  const { rotationPeriodInDays, enableKeyRotation } = inputs;
  const isIdle =
    isKnown(rotationPeriodInDays) && flag(enableKeyRotation) !== true && isKnownOrAbsent(enableKeyRotation);
  return [
    ...byRules(inputs, { rotationPeriodInDays: RULES.rotationDays, deletionWindowInDays: RULES.deletionDays }),
    ...(isIdle
      ? [{ path: "rotationPeriodInDays", allowed: "only with enableKeyRotation: true", fix: "Set that, or remove it" }]
      : []),
  ];
}
