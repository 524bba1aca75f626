/** A value as it travels to the engine: JSON, in which secrets, unknowns and resources are marked by special objects. */
export type Wire = null | boolean | number | string | Wire[] | { [key: string]: Wire };

/** The properties of a resource, or the arguments of a look-up. */
export type WireObject = { [key: string]: Wire };

/** The events of a resource's life that hooks can be bound to. */
export const HOOK_EVENTS = [
  "beforeCreate",
  "afterCreate",
  "beforeUpdate",
  "afterUpdate",
  "beforeDelete",
  "afterDelete",
  "onError",
] as const;

export type HookEvent = (typeof HOOK_EVENTS)[number];

/** Something wrong with the program or its config. Errors make the simulation fail, warnings do not. */
export interface Problem {
  severity: "error" | "warning";
  message: string;
  /** The names from the stack down to the resource, e.g. `web/web-copies`. */
  path?: string;
  /** The program's own line, e.g. `stacks/dev.ts:12`. */
  source?: string;
}

/** A resource as the program registered it. */
export interface RecordedResource {
  urn: string;
  type: string;
  name: string;
  /** Absent when the stack itself is the parent. */
  parent?: string;
  kind: "component" | "remote" | "custom" | "read";
  dependsOn: string[];
  /** URN of an explicit provider. */
  provider?: string;
  region?: string;
  inputs: WireObject;
  /** URNs of the resources that an input's value comes from; inputs that come from none are left out. */
  inputsFrom?: { [input: string]: string[] };
  options: { [option: string]: unknown };
  hooks: Partial<Record<HookEvent, string[]>>;
  /** Where the program made it. */
  source?: string;
}

/** A look-up (invoke) that the program made, and how sure the answer is. */
export interface RecordedLookup {
  token: string;
  region?: string;
  args: WireObject;
  /** `known`: true of AWS without an account. `assumed`: a stated assumption. `unknown`: only an account can tell. */
  certainty: "known" | "assumed" | "unknown";
}

/** What a run of the program left behind. */
export interface Simulation {
  project: string;
  stack: string;
  resources: RecordedResource[];
  lookups: RecordedLookup[];
  outputs: WireObject;
  problems: Problem[];
  /** What is worth knowing and is no problem: messages of the program, placeholders. */
  notes: string[];
}
