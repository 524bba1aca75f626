import type {
  AdoptedImage,
  BaseImageArgs,
  FleetNetworkArgs,
  LoadBalancerArgs,
  MixedInstancesArgs,
  MonitoringArgs,
  PromotedImage,
  Recipe,
  RolloutArgs,
  ScalingArgs,
  ShareWith,
  WarmPoolArgs,
} from "../components";

/** Fields that win over those of the same name, in one region. */
export interface RegionalSettings {
  network?: FleetNetworkArgs;
  loadBalancer?: LoadBalancerArgs;
  monitoring?: MonitoringArgs;
}

/** The recovery region, as config says it. */
export interface RecoverySettings {
  region: string;
  strategy?: string;
  share?: number;
  rtoMinutes?: number;
  rpoMinutes?: number;
}

/** Records of Route 53, as config says them. */
export interface DnsSettings {
  hostedZoneId: string;
  name: string;
  policy?: string;
  healthCheck?: boolean;
  ipv6?: boolean;
}

/** The config of a stack, validated. Keys are those of `Pulumi.<stack>.yaml`, under `ami-lifecycle:`. */
export interface Settings {
  /** Which program runs: `dev` bakes, `prod` promotes. */
  environment: "dev" | "prod";
  line: string;
  versions: string[];
  current: string;
  /** Most versions kept; the CLI's `release` retires the oldest beyond it. */
  keep?: number;
  /** Whether the images in use are protected from deletion: of the current version, and of the one before it. */
  protect: boolean;
  /** Days after which a new image counts as deprecated. */
  deprecateAfterDays?: number;
  /** Days that deleted images stay in the Recycle Bin; 0 makes no rules. */
  recycleBinDays: number;
  /** `aws:region`. */
  providerRegion: string;
  /** Home region: the provider's, unless home is lost. */
  region: string;
  /** Further regions that get a copy of every version. */
  copyTo: string[];
  /** KMS key ARN by region. */
  kmsKeyArns: { [region: string]: string };
  /** Whether a key is made in each region that has none. */
  imageKeys: boolean;
  /** Who else may use the images. */
  shareWith: ShareWith;
  /** dev: what the newest version is baked from. */
  recipe?: Recipe;
  /** dev: image to start from. */
  baseImageId?: string;
  /** dev: where the image to start from is looked up. */
  baseImage?: BaseImageArgs;
  /** dev: an existing server that the newest version is made of. */
  fromInstanceId?: string;
  /** dev: whether it is rebooted while its image is taken. */
  reboot?: boolean;
  /** dev: whether its raw image is kept when it is cleaned. */
  keepRawImage?: boolean;
  /** dev: images from outside, by version. */
  adopt: { [version: string]: AdoptedImage };
  /** dev: size of the image's root volume. */
  rootVolumeGiB?: number;
  /** prod: the stack whose images are promoted, as `StackReference` takes it. */
  source?: string;
  /** prod: the images promoted, where the source stack cannot be read. */
  images?: { [version: string]: PromotedImage };
  instanceType?: string;
  minSize: number;
  maxSize: number;
  port?: number;
  healthPath: string;
  /** Regions beside the home region that run a fleet, in the order of the rollout. */
  fleetRegions: string[];
  /** When the home region has its turn: `home-first`, `home-last`, or all `together`. */
  fleetOrder: string;
  /** What is different in a region: certificates, topics, buckets and networks are a region's own. YAML's empty value is null. */
  regional: { [region: string]: RegionalSettings | null };
  /** A network of its own for each fleet, in place of the default one. */
  network?: FleetNetworkArgs;
  loadBalancer?: LoadBalancerArgs;
  monitoring?: MonitoringArgs;
  mixedInstances?: MixedInstancesArgs;
  warmPool?: WarmPoolArgs;
  scaling?: ScalingArgs;
  rollout?: RolloutArgs;
  /** The region that stands in for the home region, and how much of it stands there before. */
  recovery?: RecoverySettings;
  /** The name that leads to the region that is healthy. */
  dns?: DnsSettings;
  /** The region that serves: home, or after a failover the recovery region. */
  activeRegion: string;
  /** A region that answers nothing: nothing there is looked up, asked or changed. */
  lostRegion?: string;
  sessionManager: boolean;
  limitMinutes: number;
  rolloutMinutes: number;
  tags: { [key: string]: string };
}
