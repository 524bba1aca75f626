import { distance, nearest } from "../../components/internal/nearest";
import { UsageError } from "../usageError";
import { stepNumbers } from "../order";
import { lastPart } from "../text";
import type { RecordedResource, Simulation } from "../types";
import { CREATION, gateHooks } from "./endings";

/** `--fail` with a name that nothing has, or that several have. */
export class FailureNameError extends UsageError {}

/** A resource, and what it fails at: hooks, or (undefined) its creation. More than one: any of them. */
export interface Target {
  resource: RecordedResource;
  at: (string | undefined)[];
}

/** How many near names are worth reading. */
const NEAR = 3;

/** Components and reads make nothing that could fail. */
const canFail = ({ kind }: RecordedResource): boolean => kind === "custom" || kind === "remote";

const hooksOf = (resource: RecordedResource): string[] => Object.values(gateHooks(resource)).flat();

/** The short names of a resource's gates. */
const gatesOf = (resource: RecordedResource): string[] => [...new Set(hooksOf(resource).map(lastPart))];

/** What a word after a resource's name means: a gate, or the creation itself. */
function placesOf(resource: RecordedResource, word: string): (string | undefined)[] {
  if (word === CREATION) return [undefined];
  return hooksOf(resource).filter((hook) => lastPart(hook) === word);
}

/** Finds what the names of `--fail` mean. */
export class FailureNames {
  private readonly resources: RecordedResource[];
  /** In the order of making, then by URN. */
  private readonly failing: RecordedResource[];

  constructor(private readonly simulation: Simulation) {
    this.resources = simulation.resources;
    const steps = stepNumbers(this.resources);
    const step = ({ urn }: RecordedResource) => steps.get(urn) ?? 0;
    this.failing = this.resources.filter(canFail);
    this.failing.sort((a, b) => step(a) - step(b) || (a.urn < b.urn ? -1 : 1));
  }

  /** The first meaning wins: a resource, a hook as registered, `RECORD:GATE`, a gate alone. */
  find(name: string): Target {
    return this.ofResource(name) ?? this.ofHook(name) ?? this.ofRecord(name) ?? this.ofGate(name) ?? this.unknown(name);
  }

  private ofResource(name: string): Target | undefined {
    const found = this.named(name);
    if (found.length === 0) this.refuseUnmade(name);
    return this.only(name, found, (resource) => {
      const { create } = gateHooks(resource);
      return create.length > 0 ? create : [undefined];
    });
  }

  private ofHook(name: string): Target | undefined {
    const behind = this.failing.filter((resource) => hooksOf(resource).includes(name));
    return this.only(name, behind, () => [name], lastPart(name));
  }

  private ofRecord(name: string): Target | undefined {
    const colon = name.lastIndexOf(":");
    const [record, word] = [name.slice(0, Math.max(0, colon)), name.slice(colon + 1)];
    const found = this.named(record);
    const having = found.filter((resource) => placesOf(resource, word).length > 0);
    if (found.length > 0 && having.length === 0) {
      const near = nearest(word, [...found.flatMap(gatesOf), CREATION]);
      const hint = near === undefined ? "" : ` Did you mean ${record}:${near}?`;
      throw this.error(name, `${record} has no gate ${JSON.stringify(word)}.${hint}`, found);
    }
    return this.only(name, having, (resource) => placesOf(resource, word), word);
  }

  private ofGate(name: string): Target | undefined {
    const behind = this.failing.filter((resource) => gatesOf(resource).includes(name));
    return this.only(name, behind, (resource) => placesOf(resource, name), name);
  }

  private named(name: string): RecordedResource[] {
    return this.failing.filter((resource) => resource.urn === name || resource.name === name);
  }

  /** The one that was found. Of several one must be chosen: which one fails makes all the difference to what is left. */
  private only(
    name: string,
    found: readonly RecordedResource[],
    at: (resource: RecordedResource) => Target["at"],
    word?: string,
  ): Target | undefined {
    const [resource, ...others] = found;
    if (resource === undefined || others.length === 0) return resource && { resource, at: at(resource) };
    const choices = found.map((other) => `  ${this.shortest(other)}${word === undefined ? "" : `:${word}`}`);
    throw new FailureNameError(`--fail ${JSON.stringify(name)} means several; choose one:\n${choices.join("\n")}`);
  }

  private refuseUnmade(name: string): void {
    const found = this.resources.find((resource) => resource.urn === name || resource.name === name);
    if (found === undefined) return;
    if (found.kind === "read") throw this.error(name, `${found.name} is only read, not made.`);
    const inside = this.failing.filter((resource) => this.isWithin(resource, found.urn));
    throw this.error(name, `${found.name} is a component: it is only registered, what is in it can fail.`, inside);
  }

  private isWithin(resource: RecordedResource, urn: string): boolean {
    // The limit guards against parents in a circle.
    for (let at = resource.parent, left = this.resources.length; at !== undefined && left > 0; left--) {
      if (at === urn) return true;
      at = this.resources.find((other) => other.urn === at)?.parent;
    }
    return false;
  }

  private unknown(name: string): never {
    const candidates = this.failing.flatMap((resource) => [...this.wordsOf(resource), ...gatesOf(resource)]);
    // Of a URN the last part is what people get wrong; whole, it is too long to compare.
    const wanted = name.startsWith("urn:") ? (name.split("::").at(-1) ?? name) : name;
    const far = (other: string) => distance(wanted.toLowerCase(), other.toLowerCase());
    const near = [...new Set(candidates)].filter((other) => nearest(wanted, [other]) !== undefined);
    near.sort((a, b) => far(a) - far(b));
    const hint = near.length === 0 ? "" : ` Did you mean ${near.slice(0, NEAR).join(", or ")}?`;
    throw this.error(name, `the stack ${this.simulation.stack} has no resource and no gate of that name.${hint}`);
  }

  /** The shortest text that means this resource alone. */
  private shortest({ name, urn }: RecordedResource): string {
    return this.failing.filter((other) => other.name === name).length === 1 ? name : urn;
  }

  private wordsOf(resource: RecordedResource): string[] {
    const own = this.shortest(resource);
    return [own, ...gatesOf(resource).map((gate) => `${own}:${gate}`)];
  }

  private error(name: string, why: string, list: readonly RecordedResource[] = this.failing): FailureNameError {
    const lines = list.map((resource) => `  ${this.wordsOf(resource).join(", ")}`);
    const errors = this.simulation.problems.filter(({ severity }) => severity === "error").length;
    return new FailureNameError(
      [
        `--fail ${JSON.stringify(name)}: ${why}`,
        `What can fail (with :${CREATION} behind its name, past its gates):`,
        ...(lines.length > 0 ? lines : ["  nothing"]),
        ...(errors > 0 ? ["The program has errors, so resources may be missing here: see them without --fail."] : []),
      ].join("\n"),
    );
  }
}
