import { type FullRecipe, type FullStep, kindOf } from "../defaults";
import { writeText } from "../shell";
import type { LinuxSystem } from "../systems";
import { ACCOUNT_FUNCTIONS, appStep, REVISION_FUNCTION } from "./app";
import { environmentStep, fileStep } from "./files";
import { firewallStep } from "./firewall";
import { nodejsStep, packageFunctions, packagesStep } from "./packages";
import { PM2_FUNCTIONS, pm2Step } from "./pm2";
import { DISABLE_FUNCTION, disableServicesStep, serviceStep } from "./services";
import { USER_FUNCTION, userStep } from "./users";

/** The shell functions that the recipe's steps call; what no step needs is left out, for user data is short of room. */
export function stepFunctions(recipe: FullRecipe, system: LinuxSystem): string {
  const kinds = new Set(recipe.steps.map(kindOf));
  const installs = ["upgrade", "packages", "nodejs", "app", "pm2", "firewall"] as const;
  return [
    installs.some((kind) => kinds.has(kind)) || recipe.checks.some((check) => check.http)
      ? packageFunctions(system)
      : "",
    kinds.has("app") || kinds.has("pm2") ? ACCOUNT_FUNCTIONS : "",
    kinds.has("app") ? REVISION_FUNCTION : "",
    kinds.has("pm2") ? PM2_FUNCTIONS : "",
    kinds.has("user") ? USER_FUNCTION : "",
    kinds.has("disableServices") ? DISABLE_FUNCTION : "",
  ].join("");
}

/** One step as bash, run with `-e` and `pipefail` in a subshell of its own. */
export function stepScript(step: FullStep, before: readonly FullStep[], system: LinuxSystem): string {
  if (step.upgrade !== undefined) return "upgrade_packages";
  if (step.packages) return packagesStep(step.packages);
  if (step.nodejs) return nodejsStep(step.nodejs, system);
  if (step.app) return appStep(step.app);
  if (step.pm2) return pm2Step(step.pm2);
  if (step.file) return fileStep(step.file);
  if (step.user) return userStep(step.user);
  if (step.firewall) return firewallStep(step.firewall, system);
  if (step.environment) return environmentStep(step.environment, environmentOf([...before, step]));
  if (step.service) return serviceStep(step.service);
  if (step.disableServices) return disableServicesStep(step.disableServices);
  return runStep(step.run ?? "");
}

/** The variables of all environment steps; of two with one name the later one counts. */
export function environmentOf(steps: readonly FullStep[]): Record<string, string> {
  return Object.assign({}, ...steps.map((step) => step.environment)) as Record<string, string>;
}

/** A file of its own rather than functions' text: it sees neither this script's functions nor its variables. */
function runStep(run: string): string {
  return `${writeText(run.endsWith("\n") ? run : `${run}\n`, `"$WORK/run"`)}\nbash -eo pipefail "$WORK/run"`;
}
