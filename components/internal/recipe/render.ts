import type { Recipe } from "../../recipe";
import { bakeScript } from "./bake";
import { checksOf } from "./checks";
import { checkScript } from "./checkScript";
import { kindOf, withDefaults } from "./defaults";
import { recipeDigest } from "./digest";
import { systemOf } from "./systems";
import { encodeUserData, type UserData } from "./userData";

export interface RenderOptions {
  /**
   * Seconds the machine stays up after its verdict, so that its console can be read.
   * @default 120
   */
  pauseSeconds?: number;
  /**
   * Minutes after which the machine says that it failed, and powers off.
   * @default 60
   */
  limitMinutes?: number;
}

export interface RenderedRecipe extends UserData {
  /** The recipe's digest: the token of the markers. The options are no part of it. */
  digest: string;
  /** The user data as text. */
  script: string;
  /** The script that stays in the image. */
  checkScript: string;
  /** The checks, in order: `package nginx`. */
  checkNames: string[];
  /** The steps' kinds, in order. */
  stepNames: string[];
}

/**
 * A valid recipe (see validateRecipe) as user data: the same recipe and options give the same bytes. Whether it fits is
 * for userDataProblems to say, which validateRecipe asks too.
 */
export function renderRecipe(recipe: Recipe, options: RenderOptions = {}): RenderedRecipe {
  const full = withDefaults(recipe);
  const system = systemOf(full.os);
  const digest = recipeDigest(recipe);
  const checks = checksOf(full);
  const times = { pauseSeconds: options.pauseSeconds ?? 120, limitMinutes: options.limitMinutes ?? 60 };
  const script = bakeScript(full, checks, system, digest, times);
  return {
    digest,
    script,
    ...encodeUserData(script),
    checkScript: checkScript(checks, system, digest),
    checkNames: checks.map((check) => check.name),
    stepNames: full.steps.map(kindOf),
  };
}
