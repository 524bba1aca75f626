import type { Settings } from "./settings";

export const NAMESPACE = "ami-lifecycle";

export type Kind = "text" | "number" | "boolean" | "list" | "object";

/** Every key, with its kind and the environments it is for. */
export const KEYS: { [key: string]: { kind: Kind; only?: Settings["environment"] } } = {
  environment: { kind: "text" },
  line: { kind: "text" },
  versions: { kind: "list" },
  current: { kind: "text" },
  keep: { kind: "number" },
  protect: { kind: "boolean" },
  deprecateAfterDays: { kind: "number" },
  recycleBinDays: { kind: "number" },
  copyTo: { kind: "list" },
  kmsKeyArns: { kind: "object" },
  imageKeys: { kind: "boolean" },
  shareWith: { kind: "object" },
  recipe: { kind: "object", only: "dev" },
  baseImageId: { kind: "text", only: "dev" },
  baseImage: { kind: "object", only: "dev" },
  rootVolumeGiB: { kind: "number", only: "dev" },
  limitMinutes: { kind: "number", only: "dev" },
  fromInstanceId: { kind: "text", only: "dev" },
  reboot: { kind: "boolean", only: "dev" },
  keepRawImage: { kind: "boolean", only: "dev" },
  adopt: { kind: "object", only: "dev" },
  source: { kind: "text", only: "prod" },
  images: { kind: "object", only: "prod" },
  instanceType: { kind: "text" },
  minSize: { kind: "number" },
  maxSize: { kind: "number" },
  port: { kind: "number" },
  healthPath: { kind: "text" },
  fleetRegions: { kind: "list" },
  fleetOrder: { kind: "text" },
  network: { kind: "object" },
  loadBalancer: { kind: "object" },
  monitoring: { kind: "object" },
  mixedInstances: { kind: "object" },
  warmPool: { kind: "object" },
  scaling: { kind: "object" },
  rollout: { kind: "object" },
  sessionManager: { kind: "boolean" },
  rolloutMinutes: { kind: "number" },
  tags: { kind: "object" },
};
