import type { Problem } from "../components/internal/problems";
import { Checks } from "../components/internal/rules";
import type { Settings } from "./settings";

/** What is wrong with the region that is left alone. */
export function lostRegionProblems(settings: Settings, at: (key: string) => string): Problem[] {
  const { lostRegion, region: home, copyTo, providerRegion, activeRegion, environment, protect } = settings;
  if (lostRegion === undefined) return [];
  const path = at("lostRegion");
  const checks = new Checks().rule("region", path, lostRegion);
  if (checks.problems.length > 0) return checks.problems;
  if (settings.recovery && activeRegion === lostRegion) {
    const fix = "Name the region that serves, or remove the line";
    checks.add({ path: at("activeRegion"), given: activeRegion, allowed: "a region that is not lost", fix });
  }
  if (!protect) {
    checks.add({
      path: at("protect"),
      given: protect,
      allowed: "true with `lostRegion`: a protected image is what stops a `pulumi up` that would delete what is there",
      fix: "Remove it, and protect the images there first: pulumi state protect URN",
    });
  }
  if (lostRegion !== home) return checks.problems;
  if (environment === "dev") {
    checks.add({
      path,
      given: lostRegion,
      allowed: "another region than home: dev bakes at home",
      fix: "Bake in a new stack with another aws:region, and promote from that one",
    });
  }
  if (!copyTo.includes(providerRegion)) {
    checks.add({
      path: "aws:region",
      given: providerRegion,
      allowed: `a region that is not lost and gets copies (copyTo: ${copyTo.join(", ") || "none"}), while home is lost`,
      fix: `Set it: pulumi config set aws:region ${copyTo[0] ?? "REGION"}`,
    });
  }
  if (settings.recovery === undefined && settings.fleetRegions.length === 0) {
    checks.add({
      path,
      given: lostRegion,
      allowed: "a home region that others stand in for (`recovery` or `fleetRegions`)",
      fix: "Set `recovery` to a region that has copies, in the same change",
    });
  }
  return checks.problems;
}
