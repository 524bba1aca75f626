/** What the tests of a base instance's endings share: a machine that does as scripted, and the gate that watches it. */
import type { EC2Client } from "@aws-sdk/client-ec2";
import { recipeFinished } from "../../../components/gates/recipeFinished";
import type { RecipeFinishedInput } from "../../../components/gates/recipeFinished";
import { emulator } from "../../support/emulator/emulator";
import type { Emulator } from "../../support/emulator/emulator";
import type { MachineBehaviour } from "../../support/emulator/instances";
import { ACCOUNT, Voice, ec2Client, gateAws, launch } from "./scene";

export const TOKEN = "abc123";
export const line = (text: string, token = TOKEN): string =>
  `[   12.34] cloud-init[812]: [ami-lifecycle] ${token} ${text}\n`;
export const STARTED = line("step 1/2 packages: start");
export const GOOD: MachineBehaviour = { console: [{ text: STARTED + line("OK") }], then: "stopped" };

export class RecipeScene {
  aws!: Emulator;
  ec2!: EC2Client;
  /** The image that base instances are launched from. */
  base = "";

  readonly machine = async (behaviour: MachineBehaviour, more: Parameters<typeof launch>[2] = {}): Promise<string> => {
    this.aws.machine({}, behaviour);
    const id = await launch(this.ec2, this.base, more);
    this.aws.clearRequests();
    return id;
  };

  readonly gate = (
    instanceId: string,
    more: Partial<RecipeFinishedInput> = {},
    timing = {},
    voice = new Voice(),
  ): Promise<void> =>
    recipeFinished(
      gateAws(this.aws, timing),
      { what: "web 1.0.0", instanceId, account: ACCOUNT, token: TOKEN, limitMinutes: 1, urn: "urn:base", ...more },
      voice.say,
    );
}

export function recipeScene(): RecipeScene {
  const scene = new RecipeScene();
  before(async function () {
    this.timeout(300_000);
    scene.aws = await emulator();
    scene.ec2 = ec2Client(scene.aws);
  });
  beforeEach(async () => {
    await scene.aws.reset();
    scene.base = await scene.aws.baseImage();
  });
  return scene;
}
