import assert from "node:assert/strict";
import { parse } from "yaml";
import { editFile } from "../../../cli/line/edit";
import { Refusal } from "../../../cli/line/refusal";

type State = { versions: string[]; current: string };

/** The state that a text of the file holds. */
function stateOf(text: string): State {
  const { config } = parse(text) as { config: { [key: string]: unknown } };
  const { "ami-lifecycle:versions": versions, "ami-lifecycle:current": current } = config;
  return { versions: versions as string[], current: current as string };
}

function edit(text: string, to: Partial<State>, adopted: string[] = [], promoted: string[] = []): string {
  const line = stateOf(text);
  const forgotten = [
    ...adopted.map((version) => ({ key: "adopt" as const, version })),
    ...promoted.map((version) => ({ key: "images" as const, version })),
  ];
  return editFile(text, "shop", line, { ...line, ...to, forgotten, says: [] });
}

/** Adds 1.1.0 and makes it current; the two lines as they are written. */
const released = (versions: string, current = "1.0.0") => {
  const text = `# top\nconfig:\n  # kept\n  ami-lifecycle:versions: ${versions}\n  # run\n  ami-lifecycle:current: ${current} # now\n  other:a:  1\n`;
  const after = edit(text, { versions: [...stateOf(text).versions, "1.1.0"], current: "1.1.0" });
  assert.ok(after.startsWith("# top\nconfig:\n  # kept\n  ami-lifecycle:versions: "));
  assert.ok(after.endsWith(" # now\n  other:a:  1\n"));
  const back = edit(after, { versions: stateOf(text).versions, current: "1.0.0" });
  assert.equal(back, text);
  const [, list = "", now = ""] =
    /versions: ([\s\S]*)\n {2}# run\n {2}ami-lifecycle:current: (.*) # now/.exec(after) ?? [];
  return [list, now];
};

describe("editing a stack's file", () => {
  it("adds to a list of lines, as the lines before are written", () => {
    assert.deepEqual(released("\n    - 1.0.0"), ["\n    - 1.0.0\n    - 1.1.0", "1.1.0"]);
    assert.deepEqual(released("\n  - 1.0.0 # first", '"1.0.0"'), ["\n  - 1.0.0 # first\n  - 1.1.0", '"1.1.0"']);
    assert.deepEqual(released('# c\n    -   "1.0.0"', "'1.0.0'"), ['# c\n    -   "1.0.0"\n    -   "1.1.0"', "'1.1.0'"]);
    assert.deepEqual(released("\n    - '1.0.0'\n    # below"), [
      "\n    - '1.0.0'\n    - '1.1.0'\n    # below",
      "1.1.0",
    ]);
    assert.deepEqual(released("\n    - 0.9.0\n\n    - '1.0.0'\n"), [
      "\n    - 0.9.0\n\n    - '1.0.0'\n    - '1.1.0'\n",
      "1.1.0",
    ]);
  });

  it("adds to a list in brackets, on one line or on several", () => {
    assert.deepEqual(released("[1.0.0]"), ["[1.0.0, 1.1.0]", "1.1.0"]);
    assert.deepEqual(released("[0.9.0,1.0.0] # c"), ["[0.9.0,1.0.0,1.1.0] # c", "1.1.0"]);
    assert.deepEqual(released('[ "1.0.0" , ]'), ['[ "1.0.0", "1.1.0" , ]', "1.1.0"]);
    assert.deepEqual(released("[\n      1.0.0 # c\n    ]"), ["[\n      1.0.0, # c\n      1.1.0\n    ]", "1.1.0"]);
    assert.deepEqual(released("[\n      0.9.0, # a, b\n      1.0.0, # c\n    ]"), [
      "[\n      0.9.0, # a, b\n      1.0.0, # c\n      1.1.0,\n    ]",
      "1.1.0",
    ]);
    assert.deepEqual(released("[0.9.0,\n      1.0.0]"), ["[0.9.0,\n      1.0.0, 1.1.0]", "1.1.0"]);
  });

  const file = (versions: string) => `config:\n  ami-lifecycle:versions: ${versions}\n  ami-lifecycle:current: 1.2.0\n`;
  const retired = (versions: string, left: string[]) => {
    const after = edit(file(versions), { versions: left });
    assert.ok(after.endsWith("\n  ami-lifecycle:current: 1.2.0\n"));
    return after.slice("config:\n  ami-lifecycle:versions: ".length, -"\n  ami-lifecycle:current: 1.2.0\n".length);
  };

  it("removes from the front, the middle and several at once", () => {
    const block = "\n    # a\n    - 1.0.0 # one\n    # b\n    - 1.1.0\n    - 1.2.0 # two";
    assert.equal(retired(block, ["1.1.0", "1.2.0"]), "\n    # a\n    # b\n    - 1.1.0\n    - 1.2.0 # two");
    assert.equal(retired(block, ["1.2.0"]), "\n    # a\n    # b\n    - 1.2.0 # two");
    assert.equal(retired("[1.0.0, 1.1.0, 1.2.0]", ["1.0.0", "1.2.0"]), "[1.0.0, 1.2.0]");
    assert.equal(retired("[1.0.0, 1.1.0, 1.2.0]", ["1.2.0"]), "[1.2.0]");
    assert.equal(
      retired("[\n     1.0.0, # a\n     1.1.0,\n     1.2.0\n   ]", ["1.1.0", "1.2.0"]),
      "[\n     1.1.0,\n     1.2.0\n   ]",
    );
    assert.equal(retired("[1.0.0,\n    1.2.0]", ["1.2.0"]), "[1.2.0]");
  });

  it("keeps Windows' line endings and a missing last one", () => {
    const crlf = "config:\r\n  ami-lifecycle:current: 1.0.0\r\n  ami-lifecycle:versions:\r\n    - 1.0.0 # a\r\n";
    const more = edit(crlf, { versions: ["1.0.0", "1.1.0"], current: "1.1.0" });
    assert.equal(more, crlf.replace("current: 1.0.0", "current: 1.1.0").replace("# a\r\n", "# a\r\n    - 1.1.0\r\n"));
    const open = crlf.slice(0, -2);
    const longer = edit(open, { versions: ["1.0.0", "1.1.0"] });
    assert.equal(longer, `${open}\r\n    - 1.1.0`);
    assert.equal(edit(longer, { versions: ["1.0.0"] }), open);
    assert.equal(edit(more, { versions: ["1.1.0"] }), more.replace("    - 1.0.0 # a\r\n", ""));
  });

  it("edits JSON too", () => {
    const data = (versions: string[], current: string) =>
      JSON.stringify({ config: { "ami-lifecycle:versions": versions, "ami-lifecycle:current": current } }, null, 2);
    const text = data(["1.0.0"], "1.0.0");
    const after = edit(text, { versions: ["1.0.0", "1.1.0"], current: "1.1.0" });
    assert.equal(after, data(["1.0.0", "1.1.0"], "1.1.0"));
    assert.equal(edit(after, { versions: ["1.0.0"], current: "1.0.0" }), text);
    assert.equal(edit(after, { versions: ["1.1.0"] }), data(["1.1.0"], "1.1.0"));
  });

  it("adds a key that the stack had from Pulumi.yaml, beside the other or behind all", () => {
    const to = { versions: ["1.0.0", "1.1.0"], current: "1.1.0", forgotten: [], says: [] };
    const from = { versions: ["1.0.0"], current: "1.0.0" };
    const add = (text: string, now = to) => editFile(text, "shop", from, now);
    assert.equal(
      add('config:\n  "ami-lifecycle:current": "1.0.0"\n  a:b: 1\n'),
      'config:\n  "ami-lifecycle:current": "1.1.0"\n  "ami-lifecycle:versions": ["1.0.0", "1.1.0"]\n  a:b: 1\n',
    );
    const both = "  ami-lifecycle:versions: [1.0.0, 1.1.0]\n  ami-lifecycle:current: 1.1.0\n";
    assert.equal(add(""), `config:\n${both}`);
    assert.equal(add("# c"), `# c\nconfig:\n${both}`);
    assert.equal(add("config:\n"), `config:\n${both}`);
    assert.equal(add("config:\n  a:b: |\n    text\n"), `config:\n  a:b: |\n    text\n${both}`);
    assert.equal(add("secretsprovider: x\n"), `secretsprovider: x\nconfig:\n${both}`);
    const moved = { ...to, versions: ["1.0.0"] };
    assert.equal(
      add("config:\n  ami-lifecycle:versions:\n    - 1.0.0 # a\n\n  a:b: 1\n", moved),
      "config:\n  ami-lifecycle:versions:\n    - 1.0.0 # a\n  ami-lifecycle:current: 1.1.0\n\n  a:b: 1\n",
    );
  });

  it("knows the keys in every spelling that Pulumi knows", () => {
    const text = "config:\n  ami-lifecycle:config:versions: [1.0.0]\n  current: 1.0.0\n";
    const to = { versions: ["1.0.0", "1.1.0"], current: "1.1.0", forgotten: [], says: [] };
    assert.equal(
      editFile(text, "ami-lifecycle", { versions: ["1.0.0"], current: "1.0.0" }, to),
      "config:\n  ami-lifecycle:config:versions: [1.0.0, 1.1.0]\n  current: 1.1.0\n",
    );
  });

  it("removes the entries of adopted versions, and the key with the last one", () => {
    const text = (adopt: string) => `${file("[1.0.0, 1.1.0, 1.2.0]")}  ami-lifecycle:adopt:${adopt}\n  a:b: 1\n`;
    const without = (adopt: string, ...gone: string[]) => {
      const left = ["1.0.0", "1.1.0", "1.2.0"].filter((version) => !gone.includes(version));
      const head = file(`[${left.join(", ")}]`);
      const after = edit(text(adopt), { versions: left }, gone);
      assert.ok(after.startsWith(head) && after.endsWith("  a:b: 1\n"));
      return after.slice(head.length, -"  a:b: 1\n".length);
    };
    const block = "\n    # old\n    1.0.0: ami-1 # c\n    1.1.0:\n      imageId: ami-2\n      owner: x";
    assert.equal(
      without(block, "1.0.0"),
      "  ami-lifecycle:adopt:\n    # old\n    1.1.0:\n      imageId: ami-2\n      owner: x\n",
    );
    assert.equal(without(block, "1.1.0"), "  ami-lifecycle:adopt:\n    # old\n    1.0.0: ami-1 # c\n");
    assert.equal(without(block, "1.0.0", "1.1.0"), "");
    assert.equal(without(" { 1.0.0: ami-1, 1.1.0: ami-2 }", "1.1.0"), "  ami-lifecycle:adopt: { 1.0.0: ami-1 }\n");
    assert.equal(without(" { 1.0.0: ami-1 }", "1.0.0"), "");
  });

  it("refuses what it cannot change alone, and says why", () => {
    const refused = (text: string, why: RegExp, state: State = stateOf(text)) =>
      assert.throws(
        () =>
          editFile(text, "shop", state, { versions: ["1.0.0", "1.1.0"], current: "1.1.0", forgotten: [], says: [] }),
        (error: Error) => error instanceof Refusal && why.test(error.message),
      );
    const both = (versions: string, current = "1.0.0") =>
      `x: &v [1.0.0]\ny: &c 1.0.0\nconfig:\n  ami-lifecycle:versions: ${versions}\n  ami-lifecycle:current: ${current}\n`;
    refused(
      both("*v"),
      /^ami-lifecycle:versions is written in a way that this command does not change: it is an alias/,
    );
    refused(both("&w [1.0.0]"), /it has an anchor/);
    refused(both("[ &i 1.0.0 ]"), /it has an anchor/);
    refused(both("[1.0.0]", "*c"), /^ami-lifecycle:current .* it is an alias/);
    refused(both("\n    - !!str 1.0.0"), /it has a tag/);
    refused(both("\n    - >-\n      1.0.0"), /text of several lines/);
    refused(both("[1.0.0]", "|-\n    1.0.0"), /text of several lines/);
    const asText = both("'[\"1.0.0\"]'");
    refused(asText, /it is text: write it as a list/, { versions: ["1.0.0"], current: "1.0.0" });
    refused("config: {}\n", /there is no place for it/, { versions: ["1.0.0"], current: "1.0.0" });
    refused("config: &c\n  a:b: 1\nother: *c\n", /more than the versions and current/, { versions: [], current: "" });
  });
});
