import { NO_IMAGE } from "./names";
import { Checks } from "./rules";

/** How an image is made of an existing server: shared by components and stacks. */
export interface FromServer {
  recipe?: unknown;
  fromInstanceId?: unknown;
  reboot?: unknown;
  keepRawImage?: unknown;
  baseImageId?: unknown;
  baseImage?: unknown;
}

/** What the base instance starts from, as far as it is known: of a raw image the system's own sizes and names say nothing. */
export function startsFrom<Id, Query>(args: {
  fromInstanceId?: unknown;
  baseImageId?: Id;
  baseImage?: Query;
}): { baseImageId?: Id | string; baseImage?: Query } {
  if (args.fromInstanceId !== undefined) return { baseImageId: NO_IMAGE };
  return { baseImageId: args.baseImageId, baseImage: args.baseImage };
}

/** What an image is made from must be said, and once. */
export function serverProblems(args: FromServer): Checks {
  const { recipe, fromInstanceId } = args;
  const checks = new Checks().rule("instanceId", "fromInstanceId", fromInstanceId);
  if (fromInstanceId === undefined) {
    if (!recipe) {
      checks.add({
        path: "recipe",
        allowed: "what goes into the image, or a server to take it of (`fromInstanceId`)",
        fix: "Set it: os, steps, checks",
      });
    }
    for (const field of ["reboot", "keepRawImage"] as const) {
      if (args[field] === undefined) continue;
      checks.add({ path: field, allowed: "only with `fromInstanceId`", fix: "Remove it, or name the server" });
    }
    return checks;
  }
  for (const field of ["baseImageId", "baseImage"] as const) {
    if (args[field] === undefined) continue;
    checks.add({
      path: field,
      allowed: "only without `fromInstanceId`",
      fix: "Remove one: a server's image starts from the server",
    });
  }
  if (!recipe && args.keepRawImage !== undefined) {
    checks.add({
      path: "keepRawImage",
      allowed: "only with a recipe: without one there is no raw image",
      fix: "Remove it, or give a recipe that cleans",
    });
  }
  return checks;
}
