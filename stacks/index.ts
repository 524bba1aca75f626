import type * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./config";
import { dev } from "./dev";
import { prod } from "./prod";
import type { Settings } from "./settings";

/** The programs by environment. Test and staging stacks reuse one by setting `ami-lifecycle:environment`. */
const PROGRAMS: {
  [environment in Settings["environment"]]: (settings: Settings) => { [output: string]: pulumi.Input<unknown> };
} = { dev, prod };

const settings = readSettings();

export = PROGRAMS[settings.environment](settings);
