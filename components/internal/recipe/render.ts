import type { Recipe } from "../../recipe";
import { type BakeOptions, bakeScript } from "./bake";
import { checksOf } from "./checks";
import { checkScript } from "./checkScript";
import { type FullRecipe, kindOf, withDefaults } from "./defaults";
import { recipeDigest } from "./digest";
import { isLinux, type LinuxSystem, type OperatingSystem, systemOf } from "./systems";
import { encodeUserData, type UserData } from "./userData";
import { windowsBake } from "./windows/bake";
import { windowsChecks, windowsCheckScript } from "./windows/checks";

export interface RenderOptions {
  /**
   * Where the base image comes from, when it is not the system's own: part of the user data, not of the digest.
   * @default none
   */
  base?: string;
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
  const { base, pauseSeconds = 120, limitMinutes = 60 } = options;
  const { script, checkScript, checks } = isLinux(system)
    ? forLinux(full, system, digest, { base, pauseSeconds, limitMinutes })
    : forWindows(full, system, digest, { base, pauseSeconds, limitMinutes });
  return {
    digest,
    script,
    ...encodeUserData(script, isLinux(system)),
    checkScript,
    checkNames: checks.map((check) => check.name),
    stepNames: full.steps.map(kindOf),
  };
}

interface Scripts {
  script: string;
  checkScript: string;
  checks: readonly { name: string }[];
}

function forLinux(recipe: FullRecipe, system: LinuxSystem, digest: string, options: BakeOptions): Scripts {
  const checks = checksOf(recipe, system);
  const script = bakeScript(recipe, checks, system, digest, options);
  return { script, checkScript: checkScript(checks, system, digest), checks };
}

function forWindows(recipe: FullRecipe, system: OperatingSystem, digest: string, options: BakeOptions): Scripts {
  const checks = windowsChecks(recipe);
  const script = windowsBake(recipe, checks, system, digest, options);
  return { script, checkScript: windowsCheckScript(checks, digest), checks };
}
