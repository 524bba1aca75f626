import type { Simulation } from "./types";

interface Options {
  /** What `--fail` names. */
  fail: readonly string[];
  json: boolean;
}

/**
 * Loads what the output needs, and gives the function that makes it: all of it at once, so that a wrong `--fail` is found
 * before anything is written. To be called before the program runs, which may leave the process in any state.
 */
export async function loadOutput({ fail, json }: Options): Promise<(simulation: Simulation) => string> {
  const { failureOf } = fail.length > 0 ? await import("./failure") : {};
  const { failureData, failureText } = fail.length > 0 ? await import("./failure/report") : {};
  if (json) {
    const { toJson } = await import("./json");
    return (simulation) => {
      const failure = failureOf?.(simulation, fail);
      return toJson(simulation, failure && failureData?.(failure, simulation));
    };
  }
  const [{ toText }, { style }] = await Promise.all([import("./report"), import("./text")]);
  return (simulation) => {
    const paint = style(process.stdout.isTTY && !process.env.NO_COLOR);
    const failure = failureOf?.(simulation, fail);
    return failure && failureText ? failureText(failure, simulation, paint) : toText(simulation, paint);
  };
}
