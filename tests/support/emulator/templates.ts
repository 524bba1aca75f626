/** Launch templates: versions can be deleted, and a description of them comes in pages. */
import { AwsError, values, xmlAnswer } from "./protocol";
import type { Answer, Call, Params } from "./protocol";
import { edit } from "./moto";
import type { Handlers, World } from "./world";
import { element, find, list, put, textOf } from "./xml";
import type { Element } from "./xml";

const naming = ({ LaunchTemplateId, LaunchTemplateName }: Params): Params => ({
  ...(LaunchTemplateId && { LaunchTemplateId }),
  ...(LaunchTemplateName && { LaunchTemplateName }),
});

const keyOf = (version: Element): string =>
  `${textOf(version, "launchTemplateId")}:${textOf(version, "versionNumber")}`;

async function describeVersions(call: Call, world: World): Promise<Answer> {
  const gone = world.memory.deletedVersions;
  const { MaxResults, NextToken, ...asked } = call.params;
  // moto answers 15 versions and no token when it is not told how many.
  const answer = await world.moto.forward(call, { ...asked, MaxResults: "10000" });
  const named = values(call.params, "LaunchTemplateVersion").filter((version) => /^\d+$/.test(version));
  return edit(answer, (root) => {
    const set = find(root, "launchTemplateVersionSet");
    const missing = list(root, "launchTemplateVersionSet").find(
      (version) => gone.has(keyOf(version)) && named.includes(textOf(version, "versionNumber") ?? ""),
    );
    if (missing) {
      throw new AwsError(
        "InvalidLaunchTemplateId.VersionNotFound",
        `Could not find the specified version ${textOf(missing, "versionNumber")} for the launch template with ID ${textOf(missing, "launchTemplateId")}.`,
      );
    }
    if (!set) return;
    const all = set.children.filter((version) => !gone.has(keyOf(version)));
    const [first, count] = [Number(NextToken ?? 0), Number(MaxResults ?? world.memory.templatePage)];
    set.children = all.slice(first, first + count);
    if (first + count < all.length) put(root, "nextToken", first + count);
  });
}

async function deleteVersions(call: Call, world: World): Promise<Answer> {
  const answer = await world.moto.ask("ec2", call, "DescribeLaunchTemplateVersions", {
    ...naming(call.params),
    MaxResults: "10000",
  });
  const known = list(answer, "launchTemplateVersionSet");
  const [id, name] = [textOf(known[0], "launchTemplateId") ?? "", textOf(known[0], "launchTemplateName") ?? ""];
  const deleted: Element[] = [];
  const refused: Element[] = [];
  for (const version of values(call.params, "LaunchTemplateVersion")) {
    const found = known.find((one) => textOf(one, "versionNumber") === version);
    const about = [
      element("launchTemplateId", id),
      element("launchTemplateName", name),
      element("versionNumber", version),
    ];
    const refuse = (code: string, message: string) =>
      refused.push(
        element("item", [...about, element("responseError", [element("code", code), element("message", message)])]),
      );
    if (!found || world.memory.deletedVersions.has(keyOf(found))) {
      refuse("launchTemplateVersionDoesNotExist", `Version ${version} does not exist.`);
    } else if (textOf(found, "defaultVersion") === "true") {
      refuse("unexpectedError", `Version ${version} is the default version and cannot be deleted.`);
    } else {
      world.memory.deletedVersions.add(keyOf(found));
      deleted.push(element("item", about));
    }
  }
  return xmlAnswer(call, [
    element("successfullyDeletedLaunchTemplateVersionSet", deleted),
    element("unsuccessfullyDeletedLaunchTemplateVersionSet", refused),
  ]);
}

async function modify(call: Call, world: World): Promise<Answer> {
  const { SetDefaultVersion: version, ...rest } = call.params;
  return world.moto.forward(call, { ...rest, ...(version && { DefaultVersion: version, SetDefaultVersion: version }) });
}

export const templateHandlers: Handlers = {
  "ec2.DescribeLaunchTemplateVersions": describeVersions,
  "ec2.DeleteLaunchTemplateVersions": deleteVersions,
  "ec2.ModifyLaunchTemplate": modify,
};
