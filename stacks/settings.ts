import type { Recipe } from "../components";

/** The config of a stack, validated. Keys are those of `Pulumi.<stack>.yaml`, under `ami-lifecycle:`. */
export interface Settings {
  /** Which program runs: `dev` bakes, `prod` promotes. */
  environment: "dev" | "prod";
  line: string;
  versions: string[];
  current: string;
  /** Home region: the provider's. */
  region: string;
  /** Further regions that get a copy of every version. */
  copyTo: string[];
  /** KMS key ARN by region, for the copies. */
  kmsKeyArns: { [region: string]: string };
  /** dev: what the newest version is baked from. */
  recipe?: Recipe;
  /** dev: image to start from. */
  baseImageId?: string;
  /** dev: size of the image's root volume. */
  rootVolumeGiB?: number;
  /** prod: the stack whose images are promoted, as `StackReference` takes it. */
  source?: string;
  instanceType?: string;
  minSize: number;
  maxSize: number;
  port?: number;
  healthPath: string;
  sessionManager: boolean;
  limitMinutes: number;
  rolloutMinutes: number;
  tags: { [key: string]: string };
}
