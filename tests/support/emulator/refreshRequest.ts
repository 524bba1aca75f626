/** What AWS refuses of a StartInstanceRefresh. Limits: RefreshPreferences, Auto Scaling API. */
import { AwsError, values } from "./protocol";
import type { Params } from "./protocol";

export const invalid = (text: string): AwsError => new AwsError("ValidationError", text);

/** Refuses what AWS refuses of a StartInstanceRefresh. */
export function validate(preferences: Params, desired: Params): void {
  const versions = Object.entries(desired).filter(([key]) => key.endsWith("Version"));
  if (preferences.AutoRollback === "true") {
    if (!Object.keys(desired).length) {
      throw invalid("AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty");
    }
    if (!versions.length || versions.some(([, version]) => version.startsWith("$"))) {
      throw invalid("AutoRollback cannot be used with a launch template version of $Latest or $Default");
    }
  }
  const minimum = Number(preferences.MinHealthyPercentage ?? 90);
  const maximum = Number(preferences.MaxHealthyPercentage ?? 100);
  if (!(minimum >= 0 && minimum <= 100)) throw invalid("MinHealthyPercentage must be between 0 and 100");
  if (!(maximum >= 100 && maximum <= 200)) throw invalid("MaxHealthyPercentage must be between 100 and 200");
  if (preferences.MaxHealthyPercentage !== undefined && maximum - minimum > 100) {
    throw invalid("The difference between MaxHealthyPercentage and MinHealthyPercentage cannot be greater than 100");
  }
  inRange(preferences, "BakeTime", 0, 172_800);
  inRange(preferences, "CheckpointDelay", 0, 172_800);
  inRange(preferences, "InstanceWarmup", 0, Infinity);
  validateCheckpoints(preferences);
  const alarms = values(preferences, "AlarmSpecification.Alarms.member");
  if (alarms.length > 10) throw invalid("You can specify up to 10 alarms.");
  alarms.forEach((name) => {
    if (name.length < 1 || name.length > 255) throw constraint("alarmSpecification.alarms", name, "length of 1 to 255");
  });
}

function validateCheckpoints(preferences: Params): void {
  const percentages = values(preferences, "CheckpointPercentages.member").map(Number);
  if (preferences.CheckpointDelay !== undefined && percentages.length === 0) {
    throw invalid("CheckpointDelay cannot be specified without CheckpointPercentages.");
  }
  percentages.forEach((percent, at) => {
    if (!Number.isInteger(percent) || percent < 1 || percent > 100) {
      throw constraint("checkpointPercentages", percent, "value of 1 to 100");
    }
    if (at > 0 && percent <= percentages[at - 1]!) {
      throw invalid("CheckpointPercentages must be unique and in ascending order.");
    }
  });
}

function inRange(preferences: Params, name: string, low: number, high: number): void {
  const given = preferences[name];
  if (given === undefined) return;
  const number = Number(given);
  if (!Number.isInteger(number) || number < low || number > high)
    throw constraint(name, given, `value of ${low} to ${high}`);
}

const constraint = (name: string, given: unknown, wanted: string): AwsError =>
  invalid(
    `1 validation error detected: Value '${String(given)}' at 'preferences.${name}' failed to satisfy constraint: Member must have ${wanted}`,
  );
