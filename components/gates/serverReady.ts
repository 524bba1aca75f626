import type { Aws } from "./kit/aws";
import { GateFailure } from "./kit/failure";
import { describeInstance, stateOf } from "./kit/instances";

export interface ServerReadyInput {
  /** Who waits, for texts: `web 1.1.0`. */
  what: string;
  /** The existing server. */
  instanceId: string;
  /** The account the image will be in. */
  account?: string;
  /** Whether it is rebooted while its image is taken. */
  reboot: boolean;
  /** How long a server that is starting or stopping is waited for, in minutes. */
  limitMinutes: number;
}

/** How often a server that AWS does not show is asked for before it counts as gone. */
const UNKNOWN_LOOKS = 3;

/** Passes when the server an image is taken of is there, and runs or is stopped. Says what taking it means. */
export async function serverReady(
  aws: Aws,
  input: ServerReadyInput,
  say: (text: string) => void,
  warn: (text: string) => void,
): Promise<void> {
  const { what, instanceId, reboot } = input;
  await aws.requireAccount(input.account, `server ${instanceId}`);
  const deadline = aws.deadline(input.limitMinutes);
  for (let looks = 1; ; looks++) {
    const state = stateOf(await describeInstance(aws, instanceId));
    if (state === "stopped") return;
    if (state === "running") {
      if (reboot) return say(`${what}: the server ${instanceId} is rebooted while its image is taken`);
      return warn(
        `${what}: the image of ${instanceId} is taken while it runs, without a reboot: its file systems are as after a ` +
          "power cut, and what programs hold in memory is not in it",
      );
    }
    const passing = state === "pending" || state === "stopping" || (state === "unknown" && looks < UNKNOWN_LOOKS);
    if (!passing || deadline.passed) {
      const is = state === "unknown" ? "does not exist" : `is ${state}`;
      throw new GateFailure({
        what: `${what}: no image can be taken of the server ${instanceId}: in ${aws.region} it ${is}, wanted running or stopped`,
        look: [`aws ec2 describe-instances --region ${aws.region} --instance-ids ${instanceId}`],
        next: [
          "name a server of this region and account",
          "it is gone for good: an image of it can only be made of a backup (`ami-lifecycle restore`)",
        ],
        state: "No image was made.",
      });
    }
    say(`${what}: waiting for the server ${instanceId}, which is ${state} (${deadline.elapsed})`);
    await aws.pause();
  }
}
