import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { Aws } from "../../components/gates/kit/aws";
import { patiently } from "../../components/gates/kit/waiting";
import type { RecoverySizes } from "../../components/internal/recoveryRecord";

export interface Sizes extends RecoverySizes {
  desired: number;
}

export const sizesOf = ({ MinSize = 0, MaxSize = 0, DesiredCapacity = 0 }: AutoScalingGroup): Sizes => ({
  minSize: MinSize,
  maxSize: MaxSize,
  desired: DesiredCapacity,
});

/** What the group is raised to: nothing that is larger already is made smaller. */
export const raised = (now: Sizes, { minSize, maxSize }: RecoverySizes): Sizes => ({
  minSize: Math.max(now.minSize, minSize),
  maxSize: Math.max(now.maxSize, maxSize),
  desired: Math.max(now.desired, minSize),
});

/** What it is lowered to when another region serves again. */
export const lowered = ({ minSize, maxSize }: RecoverySizes): Sizes => ({
  minSize,
  maxSize,
  desired: minSize,
});

export const isSame = (a: Sizes, b: Sizes): boolean =>
  a.minSize === b.minSize && a.maxSize === b.maxSize && a.desired === b.desired;

export const sizesText = ({ minSize, maxSize, desired }: Sizes): string =>
  `${desired} wanted (${minSize} to ${maxSize})`;

export async function resize(aws: Aws, name: string, { minSize, maxSize, desired }: Sizes): Promise<void> {
  const { UpdateAutoScalingGroupCommand } = await import("@aws-sdk/client-auto-scaling");
  const autoScaling = await aws.autoScaling();
  const request = { AutoScalingGroupName: name, MinSize: minSize, MaxSize: maxSize, DesiredCapacity: desired };
  await patiently("UpdateAutoScalingGroup", aws.timing, () =>
    autoScaling.send(new UpdateAutoScalingGroupCommand(request)),
  );
}
