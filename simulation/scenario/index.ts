import { own } from "../../components/internal/own";
import { suggest } from "../../components/internal/nearest";
import { hasErrors } from "../summary";
import type { Seconds } from "../time/assumptions";
import type { Simulation } from "../types";
import { UsageError } from "../usageError";
import type { Outcome } from "./outcome";

type Play = (simulation: Simulation, value: string, seconds: Seconds) => Outcome;

/** Each is loaded only when it is asked for. */
const SCENARIOS: { [name: string]: { value: string; load: () => Promise<Play> } } = {
  "region-loss": {
    value: "REGION",
    load: async () => {
      const [{ regionLossOf }, { regionLossOutcome }] = await Promise.all([
        import("./regionLoss"),
        import("./regionLoss/report"),
      ]);
      return (simulation, region, seconds) => regionLossOutcome(regionLossOf(simulation, region, seconds), simulation);
    },
  },
  "bad-version": {
    value: "NAME",
    load: async () => {
      const [{ badVersionOf }, { badVersionOutcome }] = await Promise.all([
        import("./badVersion"),
        import("./badVersion/report"),
      ]);
      return (simulation, name) => badVersionOutcome(badVersionOf(simulation, name), simulation);
    },
  },
  "copy-limit": {
    value: "REGION",
    load: async () => {
      const [{ copyLimitOf }, { copyLimitOutcome }] = await Promise.all([
        import("./copyLimit"),
        import("./copyLimit/report"),
      ]);
      return (simulation, region) => copyLimitOutcome(copyLimitOf(simulation, region), simulation);
    },
  },
  capacity: {
    value: "TYPE@ZONE",
    load: async () => {
      const [{ capacityOf }, { capacityOutcome }] = await Promise.all([
        import("./capacity"),
        import("./capacity/report"),
      ]);
      return (simulation, asked) => capacityOutcome(capacityOf(simulation, asked), simulation);
    },
  },
};

/** What `--scenario NAME=VALUE` means; throws a usage error before anything is simulated. */
export async function loadScenario(given: string, seconds: Seconds): Promise<(simulation: Simulation) => Outcome> {
  const [name = "", value = ""] = given.split(/=(.*)/s);
  const found = own(SCENARIOS, name);
  if (!found) throw new UsageError(`--scenario ${given}: no such scenario. ${suggest(name, Object.keys(SCENARIOS))}.`);
  if (value === "") throw new UsageError(`--scenario ${given}: write ${name}=${found.value}.`);
  const play = await found.load();
  return (simulation) => {
    try {
      return play(simulation, value, seconds);
    } catch (error) {
      if (!(error instanceof UsageError) || !hasErrors(simulation)) throw error;
      const why = "The program has errors, so resources may be missing here: see them without --scenario.";
      throw new UsageError(`${error.message}\n${why}`);
    }
  };
}
