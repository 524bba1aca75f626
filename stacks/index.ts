import type * as pulumi from "@pulumi/pulumi";
import { dev } from "./dev";
import { prod } from "./prod";
import { readSettings } from "./readSettings";
import type { Settings } from "./settings";

/** The programs by environment. Test and staging stacks reuse one by setting `ami-lifecycle:environment`. */
const PROGRAMS: {
  [environment in Settings["environment"]]: (settings: Settings) => { [output: string]: pulumi.Input<unknown> };
} = { dev, prod };

const settings = readSettings();

export = PROGRAMS[settings.environment](settings);
