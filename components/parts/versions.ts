import type * as pulumi from "@pulumi/pulumi";
import { baseInstanceProblems } from "../baseInstance";
import { proofProblems } from "../bootProofArgs";
import type { ImageVersionsArgs } from "../imageVersionsArgs";
import { adoptProblems } from "../internal/outsideImages";
import { pointersOf } from "../internal/pointers";
import { Checks } from "../internal/rules";
import { serverProblems, startsFrom } from "../internal/fromServerRules";
import { versionProblems } from "../internal/versions";

/** One version's images. */
export interface VersionImages {
  verified: pulumi.Output<{ [region: string]: string }>;
  /** By itself: a fleet at home does not wait for copies elsewhere. */
  atHome: pulumi.Output<string>;
  digest: pulumi.Output<string>;
  architecture: pulumi.Output<string>;
  owner: pulumi.Output<string>;
  /** One region's verified id; the home region's when none is named. */
  idIn: (region?: string) => pulumi.Output<string>;
}

/** Whether this version's images are protected: those in use are, and those that the fleet may still be leaving. */
export function isProtected(version: string, { protect = false, versions, current }: ImageVersionsArgs): boolean {
  return protect && (version === current || version === pointersOf(versions, current).previous);
}

/** The entries of the given regions. */
export function pick<T>(byRegion: { [region: string]: T } | undefined, regions: string[]): { [region: string]: T } {
  return Object.fromEntries(Object.entries(byRegion ?? {}).filter(([region]) => regions.includes(region)));
}

/** Every problem of the plain values. */
export function imageVersionsProblems(args: ImageVersionsArgs): Checks {
  const copyTo = args.copyTo ?? [];
  const checks = new Checks()
    .add(...versionProblems(args.versions, args.current, { keep: args.keep, protect: args.protect }))
    .rule("line", "line", args.line)
    .rule("region", "region", args.region)
    .rule("instanceType", "instanceType", args.instanceType)
    .rule("deprecationDays", "deprecateAfterDays", args.deprecateAfterDays)
    .regions("copyTo", copyTo, args.region);
  checks.add(...adoptProblems("adopt", args.adopt, args.versions));
  const allAdopted = args.versions.length > 0 && args.versions.every((version) => args.adopt?.[version] !== undefined);
  if (args.promote !== undefined && args.adopt !== undefined) {
    checks.add({
      path: "adopt",
      allowed: "only without `promote`",
      fix: "Adopt the image in the stack that is promoted from, or give it in `promote`",
    });
  }
  const bakes = args.recipe !== undefined || args.fromInstanceId !== undefined || allAdopted;
  if (bakes === (args.promote !== undefined)) {
    checks.add({
      path: "recipe",
      allowed: "either `recipe` or `fromInstanceId` (this stack bakes), or `promote` (it takes another stack's images)",
      fix: "Give one of them",
    });
  } else if (args.promote === undefined && !allAdopted) {
    checks.add(...serverProblems(args).problems);
  }
  if (args.promote !== undefined && args.region === undefined) {
    checks.add({ path: "region", allowed: "a region, with `promote`", fix: "Set it" });
  }
  const regions = [...(args.region === undefined ? [] : [args.region]), ...copyTo];
  checks.add(...proofProblems("proofs", args.proofs, regions).problems);
  if (args.recipe === undefined)
    return checks.keys("copyKmsKeyArns", args.copyKmsKeyArns, regions).tags("tags", args.tags);
  const { recipe, baseInstance: settings, limitMinutes, tags } = args;
  return checks
    .fits("instanceType", args.instanceType, recipe.architecture)
    .keys("copyKmsKeyArns", args.copyKmsKeyArns, copyTo)
    .add(
      ...baseInstanceProblems({ recipe, ...startsFrom(args), settings, limitMinutes, tags }, "", "baseInstance")
        .problems,
    );
}
