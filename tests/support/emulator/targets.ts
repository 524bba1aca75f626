/** Target health: moto says `healthy` at once; a script may say otherwise. */
import { edit } from "./moto";
import type { Handlers } from "./world";
import { element, find, list, put } from "./xml";

export interface TargetRule {
  state: "initial" | "healthy" | "unhealthy" | "draining" | "unused";
  reason?: string;
  /** For how many answers; without it for all. */
  times?: number;
  used?: number;
}

export const targetHandlers: Handlers = {
  "elasticloadbalancing.DescribeTargetHealth": async (call, world) => {
    const rule = world.memory.targets;
    const applies = rule !== undefined && (rule.used ?? 0) < (rule.times ?? Infinity);
    if (applies) rule.used = (rule.used ?? 0) + 1;
    return edit(await world.moto.forward(call), (root) => {
      if (!applies) return;
      const result = find(root, "DescribeTargetHealthResult");
      for (const target of list(result, "TargetHealthDescriptions")) {
        const reason = rule.reason === undefined ? [] : [element("Reason", rule.reason)];
        put(target, "TargetHealth", [element("State", rule.state), ...reason]);
      }
    });
  },
};
