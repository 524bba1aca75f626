/** `simulate --markdown`, and the workflow that comments it on pull requests. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { parsers } from "prettier/plugins/markdown";
import { parse } from "yaml";
import { toMarkdown } from "../../simulation/markdown";
import { fenced, inline } from "../../simulation/markdown/escape";
import type { Report } from "../../simulation/report";
import type { Problem, Simulation } from "../../simulation/types";
import { ROOT, simulate, simulateProd } from "./command";

/** Of Markdown's tree, as remark makes it with GitHub's extensions. */
interface Node {
  type: string;
  value?: string;
  children?: Node[];
}
const parsed = (text: string): Node =>
  (parsers.markdown as unknown as { parse: (text: string, options: object) => Node }).parse(text, {
    originalText: text,
  });
const all = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(all)];
const of = (node: Node, type: string) => all(node).filter((one) => one.type === type);
const shown = (node: Node): string =>
  node.type === "html" ? "" : (node.value ?? "") + (node.children ?? []).map(shown).join("");

const BREAK = "\u200b";
/** What a reader sees of a text: entities read, and without what keeps GitHub from seeing mentions. */
const seen = (text: string) =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))).replaceAll(BREAK, "");

const simulation = (problems: Problem[] = []): Simulation => ({
  ...{ project: "demo", stack: "dev", resources: [], lookups: [], outputs: {}, problems, notes: [] },
});
const report = (headline: string, sections: Report["sections"] = []): Report => ({ headline, tone: "red", sections });

/** Names that try to get out of their cell, to mention or to refer to somebody. */
const wild = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          "|",
          "`",
          "```",
          "<",
          "</details>",
          "<b>",
          "<!--",
          "-->",
          "@",
          "@somebody",
          "#1",
          "[x](http://a.b)",
          "\\",
          "&",
        ],
        ...[
          "\n",
          "\r\n",
          "\n\n",
          "\n---\n",
          "\n# h",
          "www.a.b",
          "https://a.b",
          "a@b.c",
          "**",
          "_",
          "~~",
          "![i](u)",
          "&#64;x",
          " ",
          "ab",
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join("")),
);

describe("Markdown of a simulation", function () {
  this.timeout(120_000);

  it("a name stays in its cell, mentions nobody, and is read as it is", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(wild, wild, wild), { minLength: 1, maxLength: 4 }), wild, (rows, headline) => {
        const text = toMarkdown(simulation(), report(headline), { head: ["a", "b", "c"], rows }, 60_000);
        const tree = parsed(text);
        const [table, ...more] = of(tree, "table");
        assert.deepEqual(more, []);
        assert.equal(table?.children?.length, rows.length + 1, text);
        for (const row of table.children ?? []) assert.equal(row.children?.length, 3, text);
        // Nothing is a link, code, emphasis or HTML, and the headline is the only one.
        const kinds = new Set(all(tree).map(({ type }) => type));
        for (const kind of ["link", "linkReference", "image", "inlineCode", "code", "html", "emphasis", "strong", "delete", "list", "blockquote", "thematicBreak", "definition", "footnoteReference"]) assert.ok(!kinds.has(kind), `${kind}: ${text}`); // prettier-ignore
        assert.equal(of(tree, "heading").length, 1, text);
        // GitHub looks for mentions in what is rendered.
        assert.doesNotMatch(text, /@/);
        assert.doesNotMatch(text.replaceAll(`&#64;&#8203;`, ""), /&#64;/);
        assert.doesNotMatch(text, /https?:\/\/|www\./i);
        const cells = (table.children ?? []).slice(1).map((row) => (row.children ?? []).map((cell) => seen(shown(cell)).trim())); // prettier-ignore
        const spaced = (one: string) => one.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, " ").replaceAll(BREAK, "").trim(); // prettier-ignore
        assert.deepEqual(cells, rows.map((row) => row.map(spaced))); // prettier-ignore
      }),
      { numRuns: 300 },
    );
  });

  it("lines stay in their fence, and folded parts in their fold", () => {
    fc.assert(
      fc.property(fc.array(wild, { minLength: 1, maxLength: 6 }), wild, (lines, title) => {
        const text = toMarkdown(simulation(), report("dev", [[title, lines]]), { head: ["a"], rows: [] }, 60_000);
        const tree = parsed(text);
        assert.equal(of(tree, "code").length, 1, text);
        assert.equal(of(tree, "code")[0]?.value?.split("\n").length, lines.length, text);
        const html = of(tree, "html").map(({ value }) => value ?? "");
        assert.equal(html.length, 2, text);
        assert.match(html[0] ?? "", /^<details><summary>[^<@]*<\/summary>$/);
        assert.equal(html[1], "</details>");
      }),
      { numRuns: 300 },
    );
  });

  it("is never longer than the limit, and says what was cut", () => {
    const lines = fc.array(fc.string({ unit: "binary-ascii", maxLength: 200 }), { maxLength: 400 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(wild, lines), { maxLength: 6 }),
        fc.array(fc.tuple(wild, wild), { maxLength: 60 }),
        fc.string({ unit: "binary-ascii", maxLength: 30_000 }),
        fc.integer({ min: 5_000, max: 60_000 }),
        (sections, rows, message, limit) => {
          const problems: Problem[] = [{ severity: "error", message, source: "index.ts:1" }];
          const text = toMarkdown(simulation(problems), report(message, sections), { head: ["a", "b"], rows }, limit);
          assert.ok(text.length <= limit, `${text.length} > ${limit}`);
          const folds = (text.match(/^<details>/gm) ?? []).length;
          assert.equal((text.match(/^<\/details>/gm) ?? []).length, folds);
          const shownSections = sections.filter(([, of]) => of.length > 0).length;
          if (folds < shownSections) assert.match(text, /\n> \*\*Cut\*\* to \d+ characters\. Left out: /);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("cuts a text to a length that it keeps, however much the escapes take", () => {
    fc.assert(
      fc.property(wild, fc.integer({ min: 20, max: 200 }), (text, most) => {
        assert.ok(inline(text.repeat(20), most).length <= most + 8);
      }),
    );
    assert.equal(fenced(["a ```` b"]).split("\n")[0], "`````text");
  });

  it("has the stacks' components, and nothing twice: the same bytes again", async () => {
    const [dev, again, prod] = await Promise.all([
      simulate(["--markdown"]),
      simulate(["--markdown"]),
      simulateProd("--markdown"),
    ]);
    assert.equal(dev.out, again.out);
    assert.match(prod.out, /^### prod&#58; 64 resources &#40;1 not modelled&#41; in 2 regions, 16 gates, 0 problems\n/);
    const rows = of(parsed(prod.out), "tableRow").map((row) => (row.children ?? []).map(shown).join("; "));
    assert.deepEqual(rows, [
      "component; type; resources; regions; gates",
      "web; AutoScalingFleet; 20; us-east-1; 1",
      "web; ImageParameters; 9; us-east-1, us-west-2; 6",
      "web; ImageRetention; 5; us-east-1, us-west-2; ",
      "web; ImageVersions; 6; us-east-1, us-west-2; 8",
      "web-us-west-2; RecoveryRegion; 24; us-west-2; 1",
    ]);
  });

  it("says what fails, what changes and what a scenario leaves", async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "markdown-"));
    const before = path.join(directory, "before.json");
    try {
      const two = ["--config", 'ami-lifecycle:versions=["1.0.0","1.1.0"]'];
      fs.writeFileSync(before, (await simulateProd("--json", ...two)).out);
      const [fail, against, scenario, broken] = await Promise.all([
        simulate(["--fail", "web-live", "--markdown"]),
        simulateProd("--against", before, "--markdown"),
        simulateProd("--scenario", "bad-version=web", "--markdown"),
        simulate(["--config", "ami-lifecycle:current=9.9.9", "--markdown"]),
      ]);
      assert.match(fail.out, /\n\| web-live \| rolloutFinished \| /);
      assert.match(against.out, /^### prod&#58; [^]*\n\| deleted \| web-1\.1\.0-us-east-1 \| AmiCopy \| us-east-1 \|/);
      assert.match(scenario.out, /\n\| web-us-west-2 \| us-west-2 \| untouched&#58;/);
      assert.equal(broken.code, 1);
      assert.match(broken.out, /\n\| where \|  {2}\| problem \|\n\| --- \| --- \| --- \|\n\| \S+ \| error \| /);
    } finally {
      fs.rmSync(directory, { recursive: true });
    }
  });

  for (const [args, message] of [
    [["--json", "--markdown"], /--json and --markdown cannot go together/],
    [["--limit", "9000"], /--limit goes with --markdown only/],
    [["--markdown", "--limit", "60001"], /5000 to 60000 characters/],
  ] as [string[], RegExp][]) {
    it(`refuses ${args.join(" ")}`, async () => {
      const { code, out, err } = await simulate(args);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, message);
    });
  }
});

describe("the workflow that previews pull requests", function () {
  this.timeout(120_000);
  const workflow = parse(fs.readFileSync(path.join(ROOT, ".github/workflows/preview.yml"), "utf8")) as {
    permissions: object;
    jobs: { simulate: { steps: { name?: string; uses?: string; run?: string }[] } };
  };
  const { steps } = workflow.jobs.simulate;
  const script = steps.find(({ name }) => name === "simulate")?.run ?? "";
  let directory: string;

  const ran = (command: string, args: string[], env: NodeJS.ProcessEnv = {}) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const options = { cwd: path.join(directory, "head"), env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
      execFile(command, args, options, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out: out + err }),
      );
    });
  const git = async (...args: string[]) => {
    const { code, out } = await ran("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "core.hooksPath=/dev/null", ...args]); // prettier-ignore
    assert.equal(code, 0, out);
  };
  const edit = (file: string, change: (text: string) => string) => {
    const at = path.join(directory, "head", file);
    fs.writeFileSync(at, change(fs.readFileSync(at, "utf8")));
  };
  /** Runs the step as GitHub does, and gives the comment; the summary must say the same. */
  const comment = async (): Promise<string> => {
    const summary = path.join(directory, `summary-${Math.random()}.md`);
    const { code, out } = await ran("bash", ["-e", "-c", script], { GITHUB_STEP_SUMMARY: summary });
    assert.equal(code, 0, out);
    const text = fs.readFileSync(path.join(directory, "head/comment.md"), "utf8");
    assert.equal(fs.readFileSync(summary, "utf8"), text);
    assert.ok(text.startsWith("<!-- simulation -->\n") && text.length < 65_536);
    return text;
  };

  before(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), "preview-"));
    const head = path.join(directory, "head");
    fs.mkdirSync(head);
    // The files as they are, not as they were committed.
    for (const one of ["cli", "components", "simulation", "stacks", "index.ts", "plugin.ts", "package.json", "package-lock.json", "tsconfig.json", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "schema.json", ".gitignore"]) fs.cpSync(path.join(ROOT, one), path.join(head, one), { recursive: true }); // prettier-ignore
    fs.symlinkSync(fs.realpathSync(path.join(ROOT, "node_modules")), path.join(head, "node_modules"));
    await git("init", "--quiet");
    fs.appendFileSync(path.join(head, ".git/info/exclude"), "node_modules\ncomment.md\n");
    await git("add", ".");
    await git("commit", "--quiet", "--message", "base");
  });
  after(() => fs.rmSync(directory, { recursive: true, force: true }));

  it("asks for no more than it needs, and pins what it uses", () => {
    assert.deepEqual(workflow.permissions, { contents: "read", "pull-requests": "write" });
    for (const { uses } of steps) if (uses !== undefined) assert.match(uses, /@[0-9a-f]{40}$/);
    assert.doesNotMatch(script, /\$\{\{/);
  });

  it("comments what the pull request changes of both stacks", async () => {
    edit("Pulumi.prod.yaml", (text) => text.replace("ami-lifecycle:maxSize: 6", "ami-lifecycle:maxSize: 7"));
    await git("commit", "--quiet", "--all", "--message", "head");
    const text = await comment();
    assert.match(text, /## dev\n\n### dev&#58; nothing changes, \d+ unchanged\n/);
    assert.match(
      text,
      /## prod\n\n### prod&#58; [^\n]*updated[^]*\n\| updated \| web \| Group \| us-east-1 \| maxSize \|/,
    );
    assert.doesNotMatch(text, /could not be simulated/);
  });

  it("shows the head by itself when the base cannot be simulated, and what is wrong with the head", async () => {
    edit("cli/main.ts", (text) => `throw new Error("base");\n${text}`);
    await git("commit", "--quiet", "--all", "--message", "broken base");
    edit("cli/main.ts", (text) => text.split("\n").slice(1).join("\n"));
    edit("Pulumi.dev.yaml", (text) => text.replace("ami-lifecycle:current: 1.0.0", "ami-lifecycle:current: 9.9.9"));
    await git("commit", "--quiet", "--all", "--message", "head");
    const text = await comment();
    assert.equal(text.match(/The base branch could not be simulated/g)?.length, 2);
    assert.match(text, /\n\| where \|  {2}\| problem \|[^]*9\.9\.9/);
    assert.match(text, /## prod\n\n[^]*### prod&#58; 64 resources/);
  });
});
