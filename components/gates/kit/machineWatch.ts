import type { Instance } from "@aws-sdk/client-ec2";
import type { ConsoleReading } from "../../internal/markers";
import { readConsole } from "../../internal/markers";
import type { Aws } from "./aws";
import { consoleOutput, describeInstance, stateOf } from "./instances";

export interface Look {
  instance: Instance | undefined;
  /** EC2's name of the state; `unknown` while, or when no longer, AWS knows the instance. */
  state: string;
  /** AWS knew it once and does not any more. */
  forgotten: boolean;
  /** Everything the console has said; kept when AWS has nothing any more. */
  text: string;
  reading: ConsoleReading;
}

/** One look that does not find it proves nothing: AWS's answers are not all of the same moment. */
export const FORGOTTEN_LOOKS = 3;

/** Looks at one instance and its console again and again. */
export class MachineWatch {
  private seen = false;
  private missing = 0;
  private settled = false;
  private text = "";

  constructor(
    private readonly aws: Aws,
    private readonly instanceId: string,
    private readonly token: string,
  ) {}

  async look(): Promise<Look> {
    const instance = await describeInstance(this.aws, this.instanceId);
    const state = stateOf(instance);
    this.seen ||= instance !== undefined;
    this.missing = instance ? 0 : this.missing + 1;
    const latest = await consoleOutput(this.aws, this.instanceId, state === "running");
    if (latest !== "") this.text = latest;
    const reading = readConsole(this.text, this.token);
    if (reading.verdict === "failed" && !this.settled) {
      // The evidence may reach the console by another way, a moment later.
      this.settled = true;
      const { clock, pollSeconds } = this.aws.timing;
      await clock.sleep(Math.min(pollSeconds, 5));
      return this.look();
    }
    return { instance, state, forgotten: this.seen && this.missing >= FORGOTTEN_LOOKS, text: this.text, reading };
  }
}
