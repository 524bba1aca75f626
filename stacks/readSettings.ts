import * as pulumi from "@pulumi/pulumi";
import { formatProblems } from "../components/internal/problems";
import { parseSettings } from "./config";
import type { Settings } from "./settings";

/** Reads and checks the config of the running stack. Throws one error that names every problem. */
export function readSettings(): Settings {
  const stack = pulumi.getStack();
  const { settings, problems } = parseSettings({
    values: pulumi.runtime.allConfig(),
    stack,
    project: pulumi.getProject(),
  });
  if (problems.length === 0) return settings;
  throw new pulumi.RunError(formatProblems(`Config of stack ${stack} (Pulumi.${stack}.yaml)`, problems));
}
