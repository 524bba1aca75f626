import { suggest } from "../../components/internal/nearest";
import type { Style } from "../text";
import type { Seconds } from "../time/assumptions";
import type { Simulation } from "../types";
import { UsageError } from "../usageError";

/** What a scenario comes to in one simulation. */
export interface Outcome {
  text: (paint: Style) => string;
  data: () => object;
}

type Play = (simulation: Simulation, value: string, seconds: Seconds) => Outcome;

/** Each is loaded only when it is asked for. */
const SCENARIOS: { [name: string]: { value: string; load: () => Promise<Play> } } = {
  "region-loss": {
    value: "REGION",
    load: async () => {
      const [{ regionLossOf }, { regionLossText, regionLossData }] = await Promise.all([
        import("./regionLoss"),
        import("./regionLoss/report"),
      ]);
      return (simulation, region, seconds) => {
        const loss = regionLossOf(simulation, region, seconds);
        return {
          text: (paint) => regionLossText(loss, simulation, paint),
          data: () => regionLossData(loss),
        };
      };
    },
  },
};

/** What `--scenario NAME=VALUE` means; throws a usage error before anything is simulated. */
export async function loadScenario(given: string, seconds: Seconds): Promise<(simulation: Simulation) => Outcome> {
  const [name = "", value = ""] = given.split(/=(.*)/s);
  const found = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (!found) throw new UsageError(`--scenario ${given}: no such scenario. ${suggest(name, Object.keys(SCENARIOS))}.`);
  if (value === "") throw new UsageError(`--scenario ${given}: write ${name}=${found.value}.`);
  const play = await found.load();
  return (simulation) => play(simulation, value, seconds);
}
