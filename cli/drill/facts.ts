import type { RecoveryRecord } from "../../components/internal/recoveryRecord";

/** What the recovery region says of itself before anything is launched. */
export interface Facts {
  account: string | null;
  record: RecoveryRecord;
  /** The record's image; undefined where it does not exist. */
  image?: ImageFact;
  /** What each version's parameter names, oldest first. */
  copies: CopyFact[];
  /** ARNs of the KMS keys of the image's snapshots. */
  keys: string[];
  /** The record's launch template version; undefined where it does not exist. */
  template?: { imageId?: string };
  /** The record's group; undefined where it has none, or where it does not exist. */
  group?: { suspended: string[] };
  health: Health;
}

export interface ImageFact {
  id: string;
  state: string;
  createdAt?: string;
  isWindows: boolean;
  isEncrypted: boolean;
  /** Of the recipe; undefined where no checks of ours are in the image. */
  digest?: string;
  proof: Proof;
  /** Its tags, without its records. */
  tags: { [key: string]: string };
}

/** What an image's record says: a throwaway instance has booted it, only its state was asked, or nothing. */
export type Proof = "booted" | "unbooted" | "none";

export interface CopyFact {
  version: string;
  imageId: string;
  /** AWS's, or `gone`. */
  state: string;
  proof: Proof;
}

/** How long the load balancer looks at a new instance before it sends requests to it. */
export interface Health {
  seconds: number;
  /** ARNs of target groups that do not exist. */
  missing: string[];
}
