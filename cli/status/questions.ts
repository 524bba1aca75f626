import type { Aws } from "../../components/gates/kit/aws";
import { describeError } from "../../components/gates/kit/errors";
import { GateFailure } from "../../components/gates/kit/failure";
import { patiently } from "../../components/gates/kit/waiting";

/** One page of an answer, as every API asked here has it. */
interface Page {
  NextToken?: string;
}

/** The questions to one region: which are open, and what AWS said last, for the day it does not answer. */
export class Questions {
  private readonly open = new Set<string>();
  private said?: string;

  constructor(readonly aws: Aws) {}

  /** One call. Throttling and faults are asked again; another error names the action, which AWS's often do not. */
  async ask<T>(action: string, call: () => Promise<T>): Promise<T> {
    this.open.add(action);
    try {
      return await patiently(action, this.aws.timing, () =>
        call().catch((error: unknown) => {
          this.said = describeError(error);
          throw error;
        }),
      );
    } catch (error) {
      throw error instanceof GateFailure ? error : new Error(`${action}: ${describeError(error)}`, { cause: error });
    } finally {
      this.open.delete(action);
    }
  }

  /** All pages of an answer. */
  async pages<P extends Page, T>(
    action: string,
    call: (NextToken: string | undefined) => Promise<P>,
    itemsOf: (page: P) => T[] | undefined,
  ): Promise<T[]> {
    const all: T[] = [];
    let token: string | undefined;
    do {
      const page = await this.ask(action, () => call(token));
      all.push(...(itemsOf(page) ?? []));
      token = page.NextToken || undefined;
    } while (token);
    return all;
  }

  /** What to say when time is up. */
  silence(seconds: number): string {
    const asked = this.open.size > 0 ? ` to ${[...this.open].join(", ")}` : "";
    return `no answer${asked} within ${seconds} s${this.said === undefined ? "" : `; it said last: ${this.said}`}`;
  }
}

/** Filters take 200 values at most (EC2 API), and so on: lists in parts of such a size. */
export function parts<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
}
