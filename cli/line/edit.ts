import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, parse, parseDocument, type Pair, type YAMLMap } from "yaml";
import { NAMESPACE } from "../../stacks/keys";
import { fullKeyOf } from "../../simulation/project/config";
import { isData, type Data } from "../../simulation/project/yamlFile";
import { appendItem, appendPair, quotedAs, removeItem, removePair } from "./collections";
import { lineBreak, lineEnd, refuseShared, spanOf, splice } from "./places";
import type { Entry, EntryKey, Plan } from "./plan";
import { Refusal } from "./refusal";

/** The keys that are edited. */
type Key = "versions" | "current" | EntryKey;

const nameOf = (key: Key): string => `${NAMESPACE}:${key}`;

/** A stack's file as text, in which single values can be changed; everything else stays as it is, byte for byte. */
class StackFile {
  constructor(
    public text: string,
    private readonly project: string,
  ) {}

  /** The `config` mapping, read anew: each edit moves what comes behind it. */
  private config(): YAMLMap | undefined {
    const root = parseDocument(this.text).contents;
    const config: unknown = isMap(root) ? root.get("config", true) : undefined;
    return isMap(config) ? config : undefined;
  }

  private find(key: Key): { config: YAMLMap; pair: Pair } | undefined {
    const config = this.config();
    const pairs = (config?.items ?? []).filter(
      ({ key: node }) => isScalar(node) && fullKeyOf(String(node.value), this.project) === nameOf(key),
    );
    if (pairs.length > 1) throw new Refusal("it is there twice");
    const [pair] = pairs;
    if (config === undefined || pair === undefined) return undefined;
    refuseShared(pair);
    return { config, pair };
  }

  set(key: "current", value: string): void {
    const found = this.find(key);
    if (found === undefined) return this.add(key, (quoted) => quoted(value));
    const { value: node } = found.pair;
    if (!isScalar(node)) throw new Refusal("it is no single value");
    const span = spanOf(node);
    if (this.text.slice(...span).includes("\n")) throw new Refusal("it is text of several lines");
    this.text = splice(this.text, [span, quotedAs(node, value)]);
  }

  change(key: "versions", versions: readonly string[]): void {
    if (this.find(key) === undefined) return this.add(key, (quoted) => `[${versions.map(quoted).join(", ")}]`);
    const items = (): { seq: Parameters<typeof appendItem>[1]; texts: string[] } => {
      const seq = this.find(key)?.pair.value;
      if (!isSeq(seq)) throw new Refusal("it is text: write it as a list, [1.0.0, 1.1.0]");
      return { seq, texts: seq.items.map((item) => (isScalar(item) ? String(item.value) : "")) };
    };
    // Added first: a list of one must not become empty in between.
    for (const version of versions) {
      const { seq, texts } = items();
      if (!texts.includes(version)) this.text = appendItem(this.text, seq, version);
    }
    for (const gone of items().texts.filter((version) => !versions.includes(version))) {
      const { seq, texts } = items();
      this.text = removeItem(this.text, seq, texts.indexOf(gone));
    }
  }

  /** An entry of a mapping; the last one takes the mapping with it. */
  removeEntry({ key, version: name }: Entry): void {
    const found = this.find(key);
    if (found === undefined) throw new Refusal("it is not in the stack's file");
    const { config, pair } = found;
    if (!isMap(pair.value)) throw new Refusal("it is text: write it as a mapping");
    const entry = pair.value.items.find(({ key: node }) => isScalar(node) && String(node.value) === name);
    if (entry === undefined) throw new Refusal(`it has no ${name}`);
    const isLast = pair.value.items.length === 1;
    this.text = isLast ? removePair(this.text, config, pair) : removePair(this.text, pair.value, entry);
  }

  /** A key that the stack has from Pulumi.yaml so far: beside the other one, else behind all. */
  private add(key: Key, valueOf: (quoted: (text: string) => string) => string): void {
    const config = this.config();
    const other = this.find(key === "current" ? "versions" : "current");
    const behind = other?.pair ?? config?.items.at(-1);
    if (config !== undefined && behind !== undefined) {
      const quoted = (text: string) => (isScalar(behind.key) ? quotedAs(behind.key, text) : text);
      this.text = appendPair(this.text, config, behind, nameOf(key), valueOf(quoted));
      return;
    }
    const root = parseDocument(this.text).contents;
    const pair = isMap(root)
      ? root.items.find(({ key: node }) => isScalar(node) && node.value === "config")
      : undefined;
    const entry = `${nameOf(key)}: ${valueOf((text) => text)}`;
    const eol = lineBreak(this.text, 0);
    if (pair !== undefined && isScalar(pair.value) && pair.value.value === null) {
      const end = lineEnd(this.text, spanOf(pair.key)[1]);
      this.text = splice(this.text, [[end, end], `${eol}  ${entry}`]);
    } else if (pair === undefined && (root === null || (isMap(root) && !root.flow))) {
      const start = this.text === "" || this.text.endsWith("\n") ? "" : eol;
      this.text += `${start}config:${eol}  ${entry}${eol}`;
    } else {
      throw new Refusal("there is no place for it");
    }
  }
}

/** What the file must hold afterwards: what it holds, with these values alone changed. */
function expected(text: string, project: string, values: Partial<Data>, forgotten: readonly Entry[]): unknown {
  const data: unknown = parse(text) ?? {};
  if (!isData(data)) return undefined;
  // Copies: what an alias shares must not be changed with it.
  const config: Data = { ...(isData(data.config) ? data.config : {}) };
  const own = (key: string) => Object.keys(config).find((name) => fullKeyOf(name, project) === key) ?? key;
  for (const [key, value] of Object.entries(values)) config[own(key)] = value;
  for (const { key, version } of forgotten) {
    const name = own(nameOf(key));
    const value = config[name];
    const left = Object.entries(isData(value) ? value : {}).filter(([one]) => one !== version);
    config[name] = Object.fromEntries(left);
    if (left.length === 0) Reflect.deleteProperty(config, name);
  }
  return { ...data, config };
}

/** The stack's file with the plan's values; only what differs from `line` is touched. Throws a Refusal. */
export function editFile(text: string, project: string, line: Pick<Plan, "versions" | "current">, plan: Plan): string {
  const file = new StackFile(text, project);
  const moves = line.current !== plan.current;
  const changes = line.versions.join() !== plan.versions.join();
  const edit = (key: Key, work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(`${nameOf(key)} is written in a way that this command does not change: ${error.message}.`);
    }
  };
  if (changes) edit("versions", () => file.change("versions", plan.versions));
  if (moves) edit("current", () => file.set("current", plan.current));
  for (const entry of plan.forgotten) edit(entry.key, () => file.removeEntry(entry));
  const values = {
    ...(changes && { [nameOf("versions")]: [...plan.versions] }),
    ...(moves && { [nameOf("current")]: plan.current }),
  };
  if (!isDeepStrictEqual(parsed(file.text), expected(text, project, values, plan.forgotten))) {
    throw new Refusal("The edit would change more than the versions and current: change the file by hand.");
  }
  return file.text;
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
