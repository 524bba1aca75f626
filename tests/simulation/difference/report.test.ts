/** How a difference is told. */
import assert from "node:assert/strict";
import { againstOf, differenceData, differenceText } from "../../../simulation/difference/report";
import { style } from "../../../simulation/text";
import type { RecordedResource, Simulation } from "../../../simulation/types";
import { COPY, INSTANCE, OTHER, resource, TAG, U, urn } from "./resources";

describe("the report of a difference", () => {
  const simulation = (resources: RecordedResource[]): Simulation => ({
    ...{ project: "shop", stack: "dev", resources, lookups: [], outputs: {}, problems: [], notes: [] },
  });
  const guarded = { options: { protect: true } };
  const before = [
    resource(INSTANCE, "kept", { ami: "a", userData: "[secret]" }, guarded),
    resource(COPY, "gone", {}, { options: { protect: true, retainOnDelete: true } }),
    resource(OTHER, "id", { byteLength: 1 }),
    resource(TAG, "open", { value: "1" }, guarded),
  ];
  const after = [
    resource(INSTANCE, "kept", { ami: "b", userData: "[secret]" }, guarded),
    resource(OTHER, "id", { byteLength: 2 }),
    resource(TAG, "open", { value: U }),
    resource("awsx:ec2:Vpc", "net", {}, { kind: "remote" }),
  ];
  const against = againstOf({ resources: before, problems: [{ severity: "error", message: "x" }] }, simulation(after));

  it("is this text", () => {
    assert.equal(
      differenceText(against, simulation(after), style(false)),
      `dev: 1 created, 1 replaced, 1 updated, 1 updated or replaced, 1 deleted, 0 unchanged

Refused by \`pulumi up\`
  error: gone would be deleted and is protected: \`pulumi up\` refuses
    make its version neither current nor previous, and run \`pulumi up\` with it first
  error: kept would be replaced and is protected: \`pulumi up\` refuses
    take \`protect\` away and run \`pulumi up\` first

Created: 1 resource
  └─ net  Vpc    children not visible

Replaced: 1 resource
  └─ kept  Instance    forced by ami

Updated: 1 resource
  └─ open  Tag    value (known only later)

Update or replacement: 1 resource
  Not in the table of inputs that replace a resource, so nobody knows here which of the two it is.
  └─ id  RandomId    byteLength

Deleted: 1 resource
  └─ gone  AmiCopy    protected · retained: AWS keeps it

No longer protected: 1 resource
  └─ open  Tag

Notes
  1 secret or file could not be compared
  the earlier simulation has errors: resources may be missing in it
`,
    );
  });

  it("marks which input is in no list, and what may be replaced then", () => {
    const from = (name: string) => ({ inputsFrom: { newer: [urn(TAG, name)] } });
    const tags = [resource(TAG, "x", {}), resource(TAG, "y", {})];
    const old = [
      ...tags,
      resource(INSTANCE, "a", { monitoring: true, newest: 1 }),
      resource(INSTANCE, "b", { newer: U }, from("x")),
    ];
    const now = [
      ...tags,
      resource(INSTANCE, "a", { monitoring: false, newest: 2 }),
      resource(INSTANCE, "b", { newer: U }, from("y")),
    ];
    const open = againstOf({ resources: old, problems: [] }, simulation(now));
    const text = differenceText(open, simulation(now), style(false));
    assert.match(text, /a {2}Instance {4}monitoring · newest \(not in the table\)\n/);
    assert.match(text, /b {2}Instance {4}newer may change with y · updated or replaced then\n/);
    const data = differenceData(open, simulation(now)) as { updatedOrReplaced: { notInTable: string[] }[] };
    assert.deepEqual(data.updatedOrReplaced[0]?.notInTable, ["newest"]);
  });

  it("says when nothing changes", () => {
    const same = againstOf({ resources: after, problems: [] }, simulation(after));
    assert.equal(
      differenceText(same, simulation(after), style(false)),
      "dev: nothing changes, 4 unchanged\n\nNotes\n  1 secret or file could not be compared\n",
    );
  });

  it("stays within 100 columns", () => {
    const long = "a-rather-long-name-".repeat(4);
    const tags = (value: string) => ({ tags: { [`${long}${long}`]: value }, ami: value });
    const from = { inputsFrom: { [long]: [urn(INSTANCE, long)] } };
    const [old, now] = [tags("1"), tags("2")].map((inputs) => [
      resource(INSTANCE, long, inputs),
      resource(INSTANCE, "b", { [long]: U, ...inputs }, { ...from, options: { replaceOnChanges: [long] } }),
    ]) as [RecordedResource[], RecordedResource[]];
    const text = differenceText(
      againstOf({ resources: old, problems: [] }, simulation(now)),
      simulation(now),
      style(false),
    );
    assert.match(text, /… may change with a-rather\S*… · is replaced then\n/);
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 100),
      [],
    );
  });

  it("is this data", () => {
    const data = differenceData(against, simulation(after)) as { [key: string]: unknown };
    const none = {
      replacedBy: [],
      notInTable: [],
      replacedWith: [],
      knownOnlyLater: [],
      wasKnownOnlyLater: [],
      mayChange: [],
    };
    assert.deepEqual(JSON.parse(JSON.stringify(data)), {
      sentence: "dev: 1 created, 1 replaced, 1 updated, 1 updated or replaced, 1 deleted, 0 unchanged",
      created: [urn("awsx:ec2:Vpc", "net")],
      replaced: [{ ...none, urn: urn(INSTANCE, "kept"), changed: ["ami"], replacedBy: ["ami"] }],
      updated: [{ ...none, urn: urn(TAG, "open"), changed: ["value"], knownOnlyLater: ["value"] }],
      updatedOrReplaced: [{ ...none, urn: urn(OTHER, "id"), changed: ["byteLength"], notInTable: ["byteLength"] }],
      mayChange: [],
      deleted: [urn(COPY, "gone")],
      unchanged: 0,
      refused: [urn(COPY, "gone"), urn(INSTANCE, "kept")],
      protection: { on: [], off: [urn(TAG, "open")] },
      notCompared: 1,
      earlierHadErrors: true,
    });
  });
});
