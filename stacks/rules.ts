import { baseImageProblems } from "../components/internal/baseImageRules";
import { adoptProblems, promotedProblems } from "../components/internal/outsideImages";
import { unknownFields } from "../components/internal/fields";
import type { Problem } from "../components/internal/problems";
import { validateRecipe } from "../components/internal/recipe";
import { Checks } from "../components/internal/rules";
import { serverProblems } from "../components/internal/fromServerRules";
import { RECEIVERS, receiverProblems } from "../components/internal/sharingRules";
import { isVersion, versionProblems } from "../components/internal/versions";
import { fleetProblems } from "./fleetRules";
import { lostRegionProblems } from "./lostRegionRules";
import { KEYS, NAMESPACE } from "./keys";
import { imageRegions } from "./regions";
import type { Settings } from "./settings";

type At = (key: string) => string;

/** Everything that is wrong with the settings; `read` is what was given, before defaults. */
export function settingsProblems(
  settings: Settings,
  read: { [key: string]: unknown },
  environment: Settings["environment"],
): Problem[] {
  const at: At = (key) => `${NAMESPACE}:${key}`;
  const checks = new Checks()
    .add(...versionProblems(read.versions, settings.current, { ...settings, prefix: `${NAMESPACE}:` }))
    .rule("line", at("line"), settings.line)
    .rule("imageId", at("baseImageId"), settings.baseImageId)
    .add(...baseImageProblems(at("baseImage"), settings.baseImage, settings.baseImageId))
    .rule("rootGiB", at("rootVolumeGiB"), settings.rootVolumeGiB)
    .rule("instanceType", at("instanceType"), settings.instanceType)
    .rule("size", at("minSize"), settings.minSize)
    .rule("size", at("maxSize"), settings.maxSize)
    .rule("port", at("port"), settings.port)
    .rule("minutes", at("limitMinutes"), settings.limitMinutes)
    .rule("minutes", at("rolloutMinutes"), settings.rolloutMinutes)
    .regions(at("copyTo"), settings.copyTo, settings.region)
    .tags(at("tags"), settings.tags)
    .rule("deprecationDays", at("deprecateAfterDays"), settings.deprecateAfterDays)
    .rule("retentionDays", at("recycleBinDays"), settings.recycleBinDays || undefined)
    .keys(at("kmsKeyArns"), settings.kmsKeyArns, imageRegions(settings));
  checks.add(...sharingProblems(settings, at), ...binProblems(settings, at), ...fleetProblems(settings, at));
  checks.add(...lostRegionProblems(settings, at));
  if (environment === "dev") checks.add(...adoptProblems(at("adopt"), settings.adopt, settings.versions));
  if (settings.providerRegion === "") {
    checks.add({
      path: "aws:region",
      allowed: "the home region",
      fix: "Set it: pulumi config set aws:region us-east-1",
    });
  } else {
    checks.rule("region", "aws:region", settings.providerRegion);
  }
  if (settings.minSize > settings.maxSize) {
    checks.add({
      path: at("minSize"),
      given: settings.minSize,
      allowed: `at most maxSize (${settings.maxSize})`,
      fix: "Change one of the two",
    });
  }
  for (const [key, { only }] of Object.entries(KEYS)) {
    if (only && only !== environment && read[key] !== undefined) {
      checks.add({ path: at(key), allowed: `only in ${only} stacks (this one is ${environment})`, fix: "Remove it" });
    }
  }
  const { versions, adopt } = settings;
  const allAdopted = versions.length > 0 && versions.every((version) => version in adopt);
  if (environment === "dev") {
    if (settings.recipe) checks.fits(at("instanceType"), settings.instanceType, settings.recipe.architecture);
    if (settings.recipe) checks.add(...validateRecipe(settings.recipe, at("recipe")));
    if (settings.fromInstanceId !== undefined && !settings.recipe && settings.rootVolumeGiB !== undefined) {
      checks.add({
        path: at("rootVolumeGiB"),
        given: settings.rootVolumeGiB,
        allowed: "only with a recipe: without one the image has the server's own volumes",
        fix: "Remove it, or give a recipe that cleans",
      });
    }
    if (!allAdopted)
      for (const problem of serverProblems(settings).problems) checks.add({ ...problem, path: at(problem.path) });
  } else if (settings.images !== undefined && settings.source === undefined) {
    checks.add(...promotedProblems(at("images"), settings.images, settings.versions));
  } else if ((settings.source === undefined) === (settings.images === undefined)) {
    checks.add({
      path: at("source"),
      allowed: "the stack whose images are promoted, or `images` where that stack cannot be read",
      fix: "Set one of the two, e.g. organization/pulumi-ami-lifecycle/dev",
    });
  }
  return checks.problems;
}

/** Keys made here go this many days after a destroy: ImageKeys. */
const KEY_DAYS = 30;

/** What the Recycle Bin keeps is worth nothing without its key. */
function binProblems(settings: Settings, at: At): Problem[] {
  const { recycleBinDays, imageKeys, kmsKeyArns } = settings;
  const made = imageKeys && imageRegions(settings).some((one) => kmsKeyArns[one] === undefined);
  if (!made || recycleBinDays <= KEY_DAYS) return [];
  return [
    {
      path: at("recycleBinDays"),
      given: recycleBinDays,
      allowed: `at most ${KEY_DAYS} with \`imageKeys\`: its keys are deleted ${KEY_DAYS} days after a destroy, and what is in the bin for longer cannot be restored`,
      fix: "Lower it, or give keys of your own (`kmsKeyArns`) in place of `imageKeys`",
    },
  ];
}

/** Who images are shared with, and that every region has a key that others can be let use. */
function sharingProblems(settings: Settings, at: At): Problem[] {
  const { shareWith, imageKeys, kmsKeyArns } = settings;
  const checks = new Checks();
  const path = at("shareWith");
  const { fromVersion, ...receivers } = shareWith;
  const given = Object.entries(receivers as { [key: string]: unknown });
  if (fromVersion !== undefined && !isVersion(fromVersion)) {
    checks.add({ path: `${path}.fromVersion`, given: fromVersion, allowed: "a version", fix: "Use MAJOR.MINOR.PATCH" });
  }
  checks.add(...unknownFields(path, receivers, RECEIVERS));
  for (const [key, list] of given) {
    if (RECEIVERS.includes(key) && !Array.isArray(list)) {
      checks.add({ path: `${path}.${key}`, given: list, allowed: "a list", fix: "Write it as [a, b]" });
    }
  }
  if (checks.problems.length > 0 || given.length === 0) return checks.problems;
  for (const problem of receiverProblems(shareWith)) checks.add({ ...problem, path: `${path}.${problem.path}` });
  for (const one of imageKeys ? [] : imageRegions(settings)) {
    if (kmsKeyArns[one] !== undefined) continue;
    checks.add({
      path: `${at("kmsKeyArns")}["${one}"]`,
      allowed: "a customer-managed key in each region, with `shareWith`: an image under aws/ebs cannot be shared",
      fix: "Give its ARN, or have keys made: ami-lifecycle:imageKeys: true",
    });
  }
  return checks.problems;
}
