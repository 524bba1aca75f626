import type { Problem } from "../../components/internal/problems";
import type { RecordedResource } from "../types";

/**
 * What a rule says of a resource. An error: AWS refuses it, whenever and whoever asks. A warning: by data that can have
 * changed since, or AWS takes it for something that the program hardly means.
 */
export interface Finding {
  resource: RecordedResource;
  severity: "error" | "warning";
  problem: Problem;
}
