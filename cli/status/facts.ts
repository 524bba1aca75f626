import type { MixedPolicy } from "../../components/internal/mixedPolicy";

/** What a region said of a line. Only what AWS answered: nothing is concluded here. */
export interface RegionFacts {
  region: string;
  /** The line's SSM parameters by the last part of their names: versions, pointers, `live`. */
  parameters: { [of: string]: string };
  images: ImageFact[];
  groups: GroupFact[];
  /** Instances of the line's images, and the groups' own, whatever they run. Without ended ones. */
  instances: InstanceFact[];
}

/** A region that gave no answer, and why. */
export interface Unanswered {
  region: string;
  error: string;
}

export interface ImageFact {
  id: string;
  /** By its tag; an image from outside has none. */
  version?: string;
  /** `available`, `pending`, `failed` and the like. */
  state: string;
  /** Whether there is the record that it was proven. */
  verified: boolean;
  /** Since when it counts as deprecated, or from when on; ISO time. */
  deprecation?: string;
}

export interface TemplateFact {
  id: string;
  version: string;
  policy?: MixedPolicy;
}

export interface GroupFact {
  name: string;
  desired: number;
  template?: TemplateFact;
  members: MemberFact[];
  warm: string[];
  refresh?: { status: string; percent: number; startedAt?: string };
}

export interface MemberFact {
  id: string;
  inService: boolean;
  healthy: boolean;
}

export interface InstanceFact {
  id: string;
  imageId: string;
  state: string;
  /** Its Auto Scaling group. */
  group?: string;
  /** Whether it proves an image, and ends by itself. */
  throwaway: boolean;
}

/** What the record `live` says; undefined where there is none, or none of ours. */
export interface LiveFact {
  version?: string;
  imageId: string;
  template: TemplateFact;
  group?: string;
}
