import { type RecoveryRecord, recoveryRecordOf } from "../../components/internal/recoveryRecord";
import { isVersion } from "../../components/internal/versions";
import type { GroupFact, ImageFact, RegionFacts } from "./facts";
import { inOrder, type Live, liveOf, type Pointer, POINTERS } from "./records";

/** What a group runs of one image. */
export interface Run {
  imageId: string;
  /** Those in the warm pool are not counted in the others. */
  instances: number;
  inService: number;
  healthy: number;
  warmPool: number;
}

/** One region's facts, looked at from the line's side. */
export class View {
  readonly region: string;
  readonly live: Live | undefined;
  /** What is proven to be ready where nothing runs yet: a recovery region's, until it serves. */
  readonly staged: Live | undefined;
  readonly recovery: RecoveryRecord | undefined;
  /** Image ids by version, as the parameters have them. */
  readonly parameters: ReadonlyMap<string, string>;
  private readonly images: ReadonlyMap<string, ImageFact>;

  constructor(readonly facts: RegionFacts) {
    this.region = facts.region;
    this.live = liveOf(facts.parameters.live);
    this.staged = facts.parameters.live === undefined ? liveOf(facts.parameters.staged) : undefined;
    this.recovery = recoveryRecordOf(facts.parameters.recovery);
    this.parameters = new Map(Object.entries(facts.parameters).filter(([of]) => isVersion(of)));
    this.images = new Map(facts.images.map((image) => [image.id, image]));
  }

  get isEmpty(): boolean {
    const { images, parameters } = this.facts;
    return images.length === 0 && Object.keys(parameters).length === 0;
  }

  /** The fleet's own record, of whichever kind. */
  get record(): Live | undefined {
    return this.live ?? this.staged;
  }

  /** The name of that record: `staged` only where there is no `live` at all. */
  get recordName(): "live" | "staged" {
    const { live, staged } = this.facts.parameters;
    return live === undefined && staged !== undefined ? "staged" : "live";
  }

  get group(): GroupFact | undefined {
    return this.facts.groups.find(({ name }) => name === this.record?.group);
  }

  /** Every version that a parameter or an image of the line has here. */
  get versions(): string[] {
    const tagged = this.facts.images.flatMap(({ id }) => this.versionOf(id) ?? []);
    return [...new Set([...this.parameters.keys(), ...tagged])].sort(inOrder);
  }

  image(id: string): ImageFact | undefined {
    return this.images.get(id);
  }

  /** What a pointer names: an image's id. */
  pointer(of: Pointer): string | undefined {
    return this.facts.parameters[of];
  }

  pointersTo(id: string): Pointer[] {
    return POINTERS.filter((one) => this.pointer(one) === id);
  }

  /**
   * The version of an image: by the parameters, which also know those from outside, else by its tag, else by the fleet
   * that runs another stack's.
   */
  versionOf(id: string): string | undefined {
    const [version] = [...this.parameters].find(([, one]) => one === id) ?? [];
    return version ?? this.images.get(id)?.version ?? (id === this.record?.imageId ? this.record.version : undefined);
  }

  /** For texts: the version, or the image of which there is none. */
  nameOf(id: string): string {
    return this.versionOf(id) ?? id;
  }

  /** The images of a version: what its parameter names comes first, and may be gone. */
  imagesOf(version: string): string[] {
    const named = this.parameters.get(version);
    const others = this.facts.images.flatMap(({ id }) => (this.versionOf(id) === version ? [id] : []));
    return [...new Set(named === undefined ? others : [named, ...others])];
  }

  /** The line's instances that run an image. */
  running(id: string): number {
    return this.facts.instances.filter(({ imageId }) => imageId === id).length;
  }

  /** The image of a group's instance; undefined of one that has come or gone between two questions. */
  imageOfMember(id: string): string | undefined {
    return this.facts.instances.find((instance) => instance.id === id)?.imageId;
  }

  /** What a group runs, by image: the newest version first. */
  runs({ members }: GroupFact): Run[] {
    const runs = new Map<string, Run>();
    for (const { id, lifecycle, isHealthy, isWarm } of members) {
      const imageId = this.imageOfMember(id);
      if (imageId === undefined) continue;
      const run = runs.get(imageId) ?? { imageId, instances: 0, inService: 0, healthy: 0, warmPool: 0 };
      runs.set(imageId, run);
      if (isWarm) run.warmPool++;
      else {
        const isInService = lifecycle === "InService";
        run.instances++;
        run.inService += Number(isInService);
        run.healthy += Number(isInService && isHealthy);
      }
    }
    return [...runs.values()].sort((a, b) => inOrder(this.nameOf(b.imageId), this.nameOf(a.imageId)));
  }
}
