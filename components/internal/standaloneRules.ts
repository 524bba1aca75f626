import { cidrProblems } from "./cidr";
import { Checks } from "./rules";
import { volumeListProblems } from "./volumeRules";

type Given = { [field: string]: unknown };

/** What a launch template has by itself: with one, these would not hold, or AWS would refuse the launch. */
const OF_THE_IMAGE = [
  ...["architecture", "instanceType", "rootVolume", "volumes", "userData", "keyName", "instanceProfile"],
  ...["sessionManager", "monitoring", "securityGroupIds", "http", "https", "sshCidrs", "rdpCidrs", "publicIp"],
];
const OPENINGS = ["http", "https", "sshCidrs", "rdpCidrs"];

/** Every problem of the plain values of several identical instances. */
export function standaloneProblems(name: string, args: Given): Checks {
  const checks = new Checks()
    .rule("line", "name", name)
    .rule("instances", "count", args.count)
    .rule("region", "region", args.region)
    .rule("imageId", "imageId", args.imageId)
    .rule("launchTemplateId", "launchTemplateId", args.launchTemplateId)
    .rule("launchTemplateVersion", "launchTemplateVersion", args.launchTemplateVersion)
    .rule("architecture", "architecture", args.architecture)
    .rule("instanceType", "instanceType", args.instanceType)
    .fits("instanceType", args.architecture === undefined ? undefined : args.instanceType, args.architecture)
    .rule("keyName", "keyName", args.keyName)
    .rule("instanceProfile", "instanceProfile", args.instanceProfile)
    .rule("userName", "sshUser", args.sshUser)
    .userData("userData", args.userData)
    .volume("rootVolume", { ...(args.rootVolume as object | undefined) }, true)
    .add(...volumeListProblems("volumes", (args.volumes ?? []) as object[]))
    .add(...cidrProblems("sshCidrs", (args.sshCidrs ?? []) as unknown[], "SSH"))
    .add(...cidrProblems("rdpCidrs", (args.rdpCidrs ?? []) as unknown[], "Remote Desktop"))
    .tags("tags", args.tags);
  // The role is named NAME-role-1234567: 64 characters at most (IAM API).
  if (name.length > 51) {
    checks.add({ path: "name", given: name, allowed: "at most 51 characters", fix: "Choose a shorter name" });
  }
  zones(checks, args);
  source(checks, args);
  access(checks, args);
  return checks;
}

function zones(checks: Checks, { count, zones: given, subnetIds, region }: Given): void {
  const list = (given ?? []) as string[];
  if (list.length === 0 && typeof count === "number" && count > 0) {
    checks.add({ path: "zones", given: list, allowed: "one zone or more", fix: "Say where the instances run" });
  }
  list.forEach((zone, i) => {
    const at = `zones[${i}]`;
    checks.rule("zone", at, zone);
    if (list.indexOf(zone) !== i) {
      checks.add({ path: at, given: zone, allowed: "each zone once", fix: "Remove the second mention" });
    }
    if (typeof region === "string" && typeof zone === "string" && !zone.startsWith(region)) {
      checks.add({ path: at, given: zone, allowed: `a zone of ${region}`, fix: "Change the zone or the region" });
    }
  });
  if (subnetIds === undefined) return;
  const subnets = subnetIds as Given;
  for (const [zone, id] of Object.entries(subnets)) {
    const at = `subnetIds["${zone}"]`;
    checks.rule("subnetId", at, id);
    if (!list.includes(zone)) {
      checks.add({ path: at, allowed: `subnets of the zones (${list.join(", ")})`, fix: "Add the zone, or remove it" });
    }
  }
  for (const zone of list.filter((one) => subnets[one] === undefined)) {
    checks.add({ path: `subnetIds["${zone}"]`, allowed: "a subnet for each zone", fix: "Add it, or remove subnetIds" });
  }
}

/** Either an image, and all that belongs to it, or a launch template. */
function source(checks: Checks, args: Given): void {
  const { imageId, launchTemplateId, launchTemplateVersion } = args;
  const [image, template] = [imageId !== undefined, launchTemplateId !== undefined];
  if (image === template) {
    checks.add({
      path: "imageId",
      allowed: "either imageId or launchTemplateId",
      fix: image ? "Remove one" : "Give a verified id",
    });
  }
  if (template !== (launchTemplateVersion !== undefined)) {
    checks.add({
      path: "launchTemplateVersion",
      allowed: template ? "the number of a version" : "a version only with launchTemplateId",
      fix: template ? "Give the template's latestVersion" : "Remove it",
    });
  }
  if (!template || image) return;
  for (const field of OF_THE_IMAGE.filter((one) => args[one] !== undefined)) {
    checks.add({ path: field, allowed: "only with imageId: it is the template's", fix: "Change the template" });
  }
}

function access(checks: Checks, args: Given): void {
  if (args.sessionManager === true && args.instanceProfile !== undefined) {
    checks.add({
      path: "sessionManager",
      given: true,
      allowed: "either sessionManager or instanceProfile",
      fix: "Remove one; an own profile needs the policy AmazonSSMManagedInstanceCore for Session Manager",
    });
  }
  if (args.securityGroupIds === undefined) return;
  (args.securityGroupIds as unknown[]).forEach((id, i) => checks.rule("securityGroupId", `securityGroupIds[${i}]`, id));
  for (const field of OPENINGS.filter((one) => args[one] !== undefined && args[one] !== false)) {
    checks.add({
      path: field,
      allowed: "ports of a group that is made",
      fix: "Open it in the group given, and remove it",
    });
  }
}
