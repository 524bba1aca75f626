/** CloudWatch alarms, as far as an instance refresh watches them: a test puts them on and off. */
import type { Place } from "./moto";
import type { World } from "./world";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export const alarmKey = ({ account, region }: Place, name: string): string => `${account}/${region}/${name}`;

/** Those of the alarms that are in ALARM. One that nobody has named is not, nor is one without data. */
export function alarmed(place: Place, names: string[], world: World): string[] {
  return names.filter((name) => world.memory.alarms.get(alarmKey(place, name)) === "ALARM");
}
