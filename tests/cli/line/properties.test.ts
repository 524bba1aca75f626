/** Any sequence of commands, on any style of a stack's file. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { parse } from "yaml";
import { editFile } from "../../../cli/line/edit";
import { releasePlan, retirePlan, rollbackPlan, type Line, type Plan } from "../../../cli/line/plan";
import { Refusal } from "../../../cli/line/refusal";
import { pointersOf } from "../../../components/internal/pointers";
import { compareVersions } from "../../../components/internal/versions";
import { readConfig } from "../../../simulation/project/config";
import { parseSettings } from "../../../stacks/config";

const QUOTES = ["", "'", '"'] as const;

/** How a file is written. */
interface Style {
  layout: "block" | "flow" | "long";
  quote: (typeof QUOTES)[number];
  comments: boolean;
  trailingComma: boolean;
  crlf: boolean;
  /** Whether `current` comes first. */
  turned: boolean;
  /** Whether the text ends with a line break. */
  closed: boolean;
  blank: boolean;
}

const styles: fc.Arbitrary<Style> = fc.record({
  layout: fc.constantFrom("block", "flow", "long"),
  quote: fc.constantFrom(...QUOTES),
  comments: fc.boolean(),
  trailingComma: fc.boolean(),
  crlf: fc.boolean(),
  turned: fc.boolean(),
  closed: fc.boolean(),
  blank: fc.boolean(),
});

const REST = [
  "  aws:region: us-east-1 # home",
  "  ami-lifecycle:recipe: { os: ubuntu-24.04, steps: [ { packages: [nginx] } ] }",
  "  # the end",
].join("\n");

/** The file, with what must stay as it is around the two values. */
function fileOf(line: Line, style: Style): { text: string; kept: string[] } {
  const { layout, quote, comments, trailingComma, crlf, turned, closed, blank } = style;
  const items = line.versions.map((version) => `${quote}${version}${quote}`);
  const comment = (at: number) => (comments ? ` # item ${at}, [x] ${at}.0.0` : "");
  const comma = (at: number) => (at < items.length - 1 || trailingComma ? "," : "");
  const list = {
    block: () => items.map((item, at) => `\n    - ${item}${comment(at)}`).join("") + (blank ? "\n" : ""),
    flow: () => ` [${items.join(", ")}${trailingComma ? ", " : ""}]`,
    long: () => ` [${items.map((item, at) => `\n      ${item}${comma(at)}${comment(at)}`).join("")}\n    ]`,
  }[layout]();
  const versions = `  # kept\n  ami-lifecycle:versions:${list}`;
  const current = `  # run\n  ami-lifecycle:current: ${quote}${line.current}${quote}${comments ? " # now" : ""}`;
  const keep = line.keep === undefined ? "" : `  ami-lifecycle:keep: ${line.keep}\n`;
  const adopt = line.adopted
    .map((version, at) => `    ${version}: ami-0123456789abcdef${at} # from outside\n`)
    .join("");
  const more = keep + (adopt === "" ? "" : `  ami-lifecycle:adopt:\n${adopt}`);
  const parts = turned ? [current, versions] : [versions, current];
  const text = ["# head", "config:", parts[0], REST, `${more}${parts[1]}`].join("\n") + (closed ? "\n" : "");
  const own = (part: string) => (crlf ? part.replaceAll("\n", "\r\n") : part);
  const kept = [
    "# head\nconfig:\n",
    REST,
    keep,
    "  # kept\n  ami-lifecycle:versions:",
    "  # run\n  ami-lifecycle:current: ",
  ];
  return { text: own(text), kept: kept.map(own) };
}

/** The line as the program itself reads it, and whether there is anything wrong with it. */
function read(text: string): { line: Line; problems: unknown[] } {
  const { config: values } = parse(text) as { config: unknown };
  const { config } = readConfig({ project: "shop", file: "f", defaults: {}, values, overrides: [] });
  const { settings, problems } = parseSettings({ values: config, stack: "dev" });
  const { line: name, versions, current, keep, protect, adopt, recycleBinDays } = settings;
  const adopted = Object.keys(adopt);
  return {
    line: { name, versions, current, keep, protect, adopted, promoted: [], bakes: true, recycleBinDays },
    problems,
  };
}

const lines: fc.Arbitrary<Line> = fc
  .uniqueArray(fc.tuple(fc.nat(2), fc.nat(3), fc.nat(2), fc.constantFrom("", "", "-rc.1")), {
    minLength: 1,
    maxLength: 5,
    selector: ([a, b, c, pre]) => `${a}.${b}.${c}${pre}`,
  })
  .chain((parts) => {
    const versions = parts.map(([a, b, c, pre]) => `${a}.${b}.${c}${pre}`).sort(compareVersions);
    return fc.record({
      ...{ name: fc.constant("web"), versions: fc.constant(versions), current: fc.constantFrom(...versions) },
      keep: fc.option(fc.integer({ min: Math.max(2, versions.length), max: 6 }), { nil: undefined }),
      protect: fc.constant(false),
      adopted: fc.subarray(versions.slice(0, -1)),
      ...{ promoted: fc.constant([]), bakes: fc.constant(true), recycleBinDays: fc.constant(0) },
    });
  });

type Command = { do: "release" | "candidate" | "rollback" | "retire"; at: number; isNew: boolean };

const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.record({
    do: fc.constantFrom("release", "candidate", "rollback", "retire"),
    at: fc.nat(5),
    isNew: fc.boolean(),
  }),
  { minLength: 1, maxLength: 8 },
);

/** The next version after the newest. */
const after = (newest: string, step: number): string => `${Number(newest.split(".")[0]) + 1}.${step}.0`;

function planOf(line: Line, { do: what, at, isNew }: Command): Plan {
  const { versions } = line;
  const old = versions[at % versions.length] ?? "";
  const version = isNew ? after(versions.at(-1) ?? "", at) : old;
  if (what === "rollback") return isNew ? rollbackPlan(line) : rollbackPlan(line, old);
  if (what === "retire") return retirePlan(line, [old]);
  return releasePlan(line, version, what === "candidate");
}

/** A version that goes and comes back under its old number. */
const RELEASED_AGAIN: [Line, Style, Command[]] = [
  {
    ...{ name: "web", versions: ["1.0.0", "2.3.0"], current: "1.0.0", keep: undefined, protect: false },
    ...{ adopted: [], promoted: [], bakes: true, recycleBinDays: 0 },
  },
  {
    ...{ layout: "block", quote: "", comments: true, trailingComma: false },
    ...{ crlf: false, turned: false, closed: false, blank: false },
  },
  [
    { do: "retire", at: 3, isNew: false },
    { do: "release", at: 3, isNew: true },
  ],
];

describe("any commands on any file", () => {
  it("leave a line without problems, and all else byte for byte", () => {
    const counts = { done: 0, refused: 0 };
    fc.assert(
      fc.property(lines, styles, commands, (start, style, list) => {
        const { text: first, kept } = fileOf(start, style);
        let text = first;
        const gone = new Set<string>(); // of the first versions; one may come back, without its comment
        assert.deepEqual(read(text), { line: { ...start }, problems: [] });
        for (const command of list) {
          const { line } = read(text);
          let plan: Plan;
          try {
            plan = planOf(line, command);
          } catch (error) {
            assert.ok(error instanceof Refusal);
            counts.refused++;
            continue;
          }
          text = editFile(text, "shop", line, plan);
          counts.done++;
          const { line: now, problems } = read(text);
          assert.deepEqual(problems, []);
          assert.deepEqual([now.versions, now.current], [plan.versions, plan.current]);
          const { current, candidate, previous } = pointersOf(now.versions, now.current);
          for (const pointer of [current, candidate, previous ?? current]) assert.ok(now.versions.includes(pointer));
          assert.ok(now.versions.length <= (now.keep ?? Infinity));
          assert.ok(now.adopted.every((version) => now.versions.includes(version)));
          for (const version of start.versions) if (!now.versions.includes(version)) gone.add(version);
        }
        for (const part of kept) assert.ok(text.includes(part), part);
        assert.equal(/[^\r]\n/.test(text), !style.crlf);
        // A comment goes with its item, and with nothing else.
        const comments = (whole: string) => whole.match(/#[^\r\n]*/g) ?? [];
        const lost = comments(first).length - comments(text).length;
        const own = style.layout === "flow" || !style.comments ? 0 : 1;
        const adopted = [...gone].filter((version) => start.adopted.includes(version)).length;
        assert.equal(lost, gone.size * own + adopted);
      }),
      { numRuns: 200, examples: [RELEASED_AGAIN] },
    );
    assert.ok(counts.done > 100 && counts.refused > 25, JSON.stringify(counts));
  });

  it("restore the bytes when a candidate is released and retired", () => {
    fc.assert(
      fc.property(lines, styles, (start, style) => {
        const line = { ...start, keep: undefined };
        const { text } = fileOf(line, style);
        const version = after(line.versions.at(-1) ?? "", 0);
        const more = editFile(text, "shop", line, releasePlan(line, version, true));
        const { line: now } = read(more);
        assert.equal(editFile(more, "shop", now, retirePlan(now, [version])), text);
      }),
      { numRuns: 200 },
    );
  });
});
