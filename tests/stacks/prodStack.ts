/** prod's program under mocks, with config as a stack's file has it. */
import assert from "node:assert/strict";
import type { PromotedImage } from "../../components";
import { parseSettings } from "../../stacks/config";
import { prod } from "../../stacks/prod";
import { type Run, runProgram } from "../support/mocks";
import { assertFine } from "../support/reading";

const SOURCE = "organization/pulumi-ami-lifecycle/dev";

const image: PromotedImage = {
  imageId: "ami-0123456789abcdef0",
  region: "us-east-1",
  recipeDigest: "0123456789abcdef",
  architecture: "x86_64",
};

/** Config under `ami-lifecycle:`, or under another namespace where the key has one. */
export interface Changes {
  [key: string]: unknown;
}

function values(changes: Changes): { [key: string]: string } {
  const config: Changes = {
    "aws:region": "us-east-1",
    ...{ versions: ["1.0.0"], current: "1.0.0", source: SOURCE, copyTo: ["us-west-2", "eu-west-1"] },
    ...changes,
  };
  const texts = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [
      key.includes(":") ? key : `ami-lifecycle:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
  return Object.fromEntries(texts) as { [key: string]: string };
}

/** The paths of what is refused. */
export const problems = (changes: Changes): string[] =>
  parseSettings({ values: values(changes), stack: "prod" }).problems.map(({ path }) => path);

export async function stack(changes: Changes): Promise<Run> {
  const { settings, problems: wrong } = parseSettings({ values: values(changes), stack: "prod" });
  assert.deepEqual(wrong, []);
  const result = await runProgram(() => prod(settings), {
    stack: "prod",
    config: values(changes),
    stacks: { [SOURCE]: { region: "us-east-1", images: { "1.0.0": image } } },
  });
  assertFine(result);
  return result;
}
