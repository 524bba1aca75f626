import { isMade } from "../../order";
import type { RecordedResource } from "../../types";
import { below } from "../../inputs";

/** The resources of a stack, by what the loss of a region does to them. Components go with what is in them. */
export interface Split {
  lost: RecordedResource[];
  stays: RecordedResource[];
  /** Of no one region: IAM, Route 53, what is not AWS's, and providers, which are in the state alone. */
  global: RecordedResource[];
}

/** A provider's region is the one that it asks: nothing of it is there. */
export const isProvider = ({ type }: RecordedResource): boolean => type.startsWith("pulumi:providers:");

export function splitBy(region: string, resources: readonly RecordedResource[]): Split {
  const groupOf = (resource: RecordedResource): keyof Split => {
    const own = isProvider(resource) ? undefined : resource.region;
    return own === region ? "lost" : own === undefined ? "global" : "stays";
  };
  const split: Split = { lost: [], stays: [], global: [] };
  for (const resource of resources) {
    if (resource.kind === "read") continue;
    if (resource.kind !== "component") {
      split[groupOf(resource)].push(resource);
      continue;
    }
    // A component is shown above its children, in each group that has some.
    const groups = new Set(below(resource, resources).filter(isMade).map(groupOf));
    for (const group of groups) split[group].push(resource);
  }
  return split;
}

/** Without components: they are nothing that AWS has. */
export const made = (resources: readonly RecordedResource[]): RecordedResource[] => resources.filter(isMade);

/** Types whose resources hold what others write into them. Nothing here copies that anywhere. */
const DATA =
  /^aws:(s3\/bucket(V2)?|rds\/(instance|cluster)|dynamodb\/(table|globalTable)|efs\/fileSystem|fsx\/\w+|ebs\/volume|sqs\/queue|kinesis\/stream|elasticache\/\w+|docdb\/cluster|neptune\/cluster|redshift\/cluster|opensearch\/domain|msk\/cluster|cloudwatch\/logGroup|secretsmanager\/secret|cognito\/userPool|backup\/vault):/;

export const holdingData = (resources: readonly RecordedResource[]): RecordedResource[] =>
  resources.filter(({ type }) => DATA.test(type));
