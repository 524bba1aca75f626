/** What the emulator knows better than moto, and the types its parts share. */
import type { AlarmState } from "./alarms";
import type { Fault } from "./faults";
import type { GroupRecord } from "./groups";
import type { ImageRecord, ImageRule } from "./images";
import type { Machine, MachineRule } from "./instances";
import type { Moto } from "./moto";
import type { ParameterRule, PendingWrite } from "./parameters";
import type { Answer, Call } from "./protocol";
import type { Refresh, RefreshRule } from "./refreshRun";
import type { TargetRule } from "./targets";
import type { Element } from "./xml";

/** An instance in a warm pool, of a template's version. */
export interface WarmInstance {
  instanceId: string;
  id: string;
  version: string;
  state?: string;
}

export interface Memory {
  machines: Map<string, Machine>;
  machineRules: MachineRule[];
  images: Map<string, ImageRecord>;
  imageRules: ImageRule[];
  /** Encryption of snapshots, which moto does not keep for copies: snapshot id → key, or "" for the default key. */
  encryptedSnapshots: Map<string, string>;
  /** `account/snap-…` of snapshots that another account may make volumes of. */
  sharedSnapshots: Set<string>;
  /** Stand-ins for shared images: `account/ami-…` → the id in that account. */
  standIns: Map<string, string>;
  groups: Map<string, GroupRecord>;
  refreshes: Refresh[];
  refreshRules: Map<string, RefreshRule>;
  alarms: Map<string, AlarmState>;
  /** Scripted scaling activities, newest first, by group name. */
  activities: Map<string, Element[]>;
  /** What tests have put in warm pools, by group. */
  warmPools: Map<string, WarmInstance[]>;
  /** `lt-…:3` of launch template versions that were deleted. */
  deletedVersions: Set<string>;
  /** How many launch template versions come in one answer: AWS's 200, or what a test sets. */
  templatePage: number;
  /** Answers to RunInstances by client token, with the parameters they were given for. */
  tokens: Map<string, { params: string; answer: Answer }>;
  faults: Fault[];
  /** How writes of image parameters go, by name. */
  parameterRules: Map<string, ParameterRule>;
  pendingWrites: Map<string, PendingWrite>;
  /** What every target group says of its targets. */
  targets?: TargetRule;
}

export function newMemory(): Memory {
  return {
    machines: new Map(),
    machineRules: [],
    images: new Map(),
    imageRules: [],
    encryptedSnapshots: new Map(),
    sharedSnapshots: new Set(),
    standIns: new Map(),
    groups: new Map(),
    refreshes: [],
    refreshRules: new Map(),
    alarms: new Map(),
    activities: new Map(),
    warmPools: new Map(),
    deletedVersions: new Set(),
    templatePage: 200,
    tokens: new Map(),
    faults: [],
    parameterRules: new Map(),
    pendingWrites: new Map(),
  };
}

export interface World {
  moto: Moto;
  memory: Memory;
}

/** What answers an action in moto's stead, or around it. Keyed `service.Action`. */
export type Handler = (call: Call, world: World) => Promise<Answer>;
export type Handlers = Record<string, Handler>;

export function glob(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${source}$`, "s").test(text);
}
