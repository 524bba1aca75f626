import type { TemplateVersion } from "../../components/gates/rollout/group";

/** An image of the line, or one that something of the line names. */
export interface ImageFact {
  id: string;
  name?: string;
  /** AWS's: `available`, `pending`, `failed`, `disabled`… */
  state: string;
  /** By its tag; one from outside has none. */
  version?: string;
  /** What it was made from: an instance, or `region/ami-id` for a copy. */
  source?: string;
  /** The value of the tag that records its proof. */
  verified?: string;
  /** ISO 8601, UTC. */
  deprecationTime?: string;
}

/** An instance that exists and is not on its way out. */
export interface InstanceFact {
  id: string;
  imageId: string;
  state: string;
  /** Its `Name`. */
  name?: string;
  /** The Auto Scaling group it says it is of. */
  group?: string;
  /** Launched by a gate to prove an image: it ends by itself. */
  isProof: boolean;
}

/** An instance as its group has it. */
export interface MemberFact {
  id: string;
  /** Auto Scaling's lifecycle state: `InService`, `Pending:Wait`, `Warmed:Stopped`… */
  lifecycle: string;
  isHealthy: boolean;
  isWarm: boolean;
  template?: TemplateVersion;
  /** Whether it is as `live` wants it, tags apart; undefined where nobody had to ask. */
  isEqual?: boolean;
}

export interface RefreshFact {
  id: string;
  status: string;
  /** How much is done, 0 to 100. */
  percentage: number;
  /** Instances still to be replaced. */
  toUpdate: number;
  startTime?: string;
}

export interface GroupFact {
  name: string;
  desired: number;
  template?: TemplateVersion;
  /** Without those that are ending. */
  members: MemberFact[];
  /** The instance refresh under way. */
  refresh?: RefreshFact;
}

/** What AWS says of a line in one region, before anything is made of it. */
export interface RegionFacts {
  region: string;
  /** Where anything tells it. */
  account?: string;
  /** The SSM parameters below `/ami/LINE/STACK`, by the last part of their names. */
  parameters: { [of: string]: string };
  images: ImageFact[];
  instances: InstanceFact[];
  groups: GroupFact[];
}

/** A region that did not answer, or refused to. */
export interface Unanswered {
  region: string;
  error: string;
}

export type Answer = RegionFacts | Unanswered;

export const hasAnswered = (answer: Answer): answer is RegionFacts => !("error" in answer);
