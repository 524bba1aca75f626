/** Which version each pointer of a line names. */
export interface Pointers {
  /** What the fleet runs. */
  current: string;
  /** The newest version kept: a candidate until it is `current`. */
  candidate: string;
  /** The kept version before `current`, what a rollback goes to; undefined when `current` is the oldest. */
  previous?: string;
}

/** The pointers of a line, from its two lines of config: there is no further state. `versions` is in order. */
export function pointersOf(versions: readonly string[], current: string): Pointers {
  return { current, candidate: versions.at(-1) ?? current, previous: versions[versions.indexOf(current) - 1] };
}

/** The oldest versions beyond `keep`, without `current` and `previous`: what is to be retired, oldest first. */
export function beyond(versions: readonly string[], current: string, keep: number): string[] {
  const { previous } = pointersOf(versions, current);
  const free = versions.slice(0, -1).filter((version) => version !== current && version !== previous);
  return free.slice(0, Math.max(0, versions.length - keep));
}
