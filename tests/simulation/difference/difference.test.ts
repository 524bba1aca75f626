/** What changes between two simulations: the rules, on made-up resources. */
import assert from "node:assert/strict";
import { differenceOf, type Changed, type Difference } from "../../../simulation/difference";
import { covers, formatPath, parsePath, touches } from "../../../simulation/difference/paths";
import type { RecordedResource, WireObject } from "../../../simulation/types";
import { COPY, INSTANCE, OTHER, resource, TAG, U, urn } from "./resources";

type Group = "replaced" | "updated" | "undecided" | "mayChange";

/** One resource before and after; the group it is in, and its paths. */
function change(before: WireObject, after: WireObject, options: object = {}, type = INSTANCE) {
  const own = { options: options as RecordedResource["options"] };
  const found = differenceOf([resource(type, "a", before)], [resource(type, "a", after, own)]);
  const group = (["replaced", "updated", "undecided", "mayChange"] as Group[]).find((name) => found[name].length > 0);
  if (group === undefined) return undefined;
  const [one] = found[group];
  return { group, paths: one?.changes.map(({ text }) => text), forcing: one?.forcing.map(({ text }) => text) };
}

describe("property paths", () => {
  it("are read and written as the engine has them", () => {
    const texts = [
      "a",
      "a.b",
      'tags["k.x"]',
      'tags["a \\" b"].c',
      "a[0].b",
      "a[*].b",
      "*",
      "a[0][1]",
      '["root key"][2].x',
    ];
    const parts = texts.map((text) => parsePath(text).join("|"));
    const wanted = ["a", "a|b", "tags|k.x", 'tags|a " b|c', "a|0|b", "a|*|b", "*", "a|0|1", "root key|2|x"];
    assert.deepEqual(parts, wanted);
    assert.equal(formatPath(["tags", "ami:x"]), 'tags["ami:x"]');
    assert.equal(
      formatPath(["a", "0", "b"], (depth) => depth === 1),
      "a[0].b",
    );
    assert.equal(formatPath(["a", "0", "b"]), 'a["0"].b');
  });

  it("cover what lies in them, and touch what lies around them", () => {
    const cases = [
      ["tags", 'tags["k"]', true, true],
      ['tags["k"]', "tags", false, true],
      ['tags["k"]', 'tags["j"]', false, false],
      ["a[*].b", "a[3].b.c", true, true],
      ["*", "a", true, true],
    ] as const;
    for (const [pattern, path, covered, touched] of cases) {
      assert.equal(covers(parsePath(pattern), parsePath(path)), covered, `${pattern} ${path}`);
      assert.equal(touches(parsePath(pattern), parsePath(path)), touched, `${pattern} ${path}`);
    }
  });
});

describe("the difference of a resource", () => {
  it("is an update, or a replacement when an input of the table differs", () => {
    assert.deepEqual(change({ instanceType: "t3.small" }, { instanceType: "t3.large" }), {
      ...{ group: "updated", paths: ["instanceType"], forcing: [] },
    });
    assert.deepEqual(change({ ami: "a", tags: { k: "1" } }, { ami: "b", tags: { k: "2" } }), {
      ...{ group: "replaced", paths: ["ami", "tags.k"], forcing: ["ami"] },
    });
    assert.equal(change({ region: "a" }, { region: "b" })?.group, "replaced");
    const root = (encrypted: boolean) => ({ rootBlockDevice: { encrypted, volumeSize: 8 } });
    assert.deepEqual(change(root(true), root(false))?.forcing, ["rootBlockDevice.encrypted"]);
    assert.equal(change(root(true), { rootBlockDevice: { encrypted: true, volumeSize: 9 } })?.group, "updated");
  });

  it("leaves it open for an input that the table does not have, of a type that it has", () => {
    assert.deepEqual(change({ secondaryNetworkInterfaces: [1] }, { secondaryNetworkInterfaces: [2] }), {
      ...{ group: "undecided", paths: ["secondaryNetworkInterfaces[0]"], forcing: [] },
    });
    const both = differenceOf(
      [resource(INSTANCE, "a", { monitoring: true, newer: 1 })],
      [resource(INSTANCE, "a", { monitoring: false, newer: 2 })],
    );
    assert.deepEqual(
      both.undecided[0]?.open.map(({ text }) => text),
      ["newer"],
    );
    assert.equal(change({ ami: "a", newer: 1 }, { ami: "b", newer: 2 })?.group, "replaced");
  });

  it("takes the narrower path of two in each other", () => {
    const disk = (encrypted: boolean, team: string) => ({ ebsBlockDevices: [{ encrypted, tags: { team } }] });
    assert.equal(change(disk(true, "a"), disk(true, "b"))?.group, "updated");
    assert.deepEqual(change(disk(true, "a"), disk(false, "b"))?.forcing, ["ebsBlockDevices[0].encrypted"]);
    assert.equal(change({}, disk(true, "a"))?.group, "replaced");
    const always = { replaceOnChanges: ["ebsBlockDevices"] };
    assert.equal(change(disk(true, "a"), disk(true, "b"), always)?.group, "replaced");
  });

  it("asks the values where they decide", () => {
    const type = (before: string, now: string) => change({ instanceType: before }, { instanceType: now })?.group;
    assert.equal(type("t3.small", "m7i.large"), "updated");
    assert.equal(type("t3.small", "t4g.small"), "replaced");
    assert.equal(type("t3.small", U), "undecided");
    const parameter = "aws:ssm/parameter:Parameter";
    const tier = (before: string, now: string) => change({ tier: before }, { tier: now }, {}, parameter)?.group;
    assert.deepEqual([tier("Standard", "Advanced"), tier("Advanced", "Standard")], ["updated", "replaced"]);
    assert.equal(change({ dataType: "text" }, { dataType: "aws:ec2:image" }, {}, parameter)?.group, "replaced");
  });

  it("is refused when it is protected: a deletion by the old registration, a replacement by both", () => {
    const one = (protect: boolean, ami: string) => resource(INSTANCE, "a", { ami }, { options: { protect } });
    const refused = (before: RecordedResource[], now: RecordedResource[]) => differenceOf(before, now).refused.length;
    assert.equal(refused([one(true, "x")], []), 1);
    assert.equal(refused([one(false, "x")], []), 0);
    assert.equal(refused([one(true, "x")], [one(true, "y")]), 1);
    assert.equal(refused([one(true, "x")], [one(false, "y")]), 0);
    assert.equal(refused([one(false, "x")], [one(true, "y")]), 0);
  });

  it("looks at user data only when it replaces", () => {
    const [old, now] = [{ userData: "a" }, { userData: "b" }];
    assert.equal(change(old, now)?.group, "updated");
    const always = { userDataReplaceOnChange: true };
    assert.deepEqual(change({ ...old, ...always }, { ...now, ...always })?.forcing, ["userData"]);
  });

  it("leaves out what the resource ignores, also inside of mappings and lists", () => {
    const ignore = (...ignoreChanges: string[]) => ({ ignoreChanges });
    assert.equal(change({ ami: "a" }, { ami: "b" }, ignore("ami")), undefined);
    assert.equal(change({}, { tags: { k: "1" } }, ignore('tags["k"]')), undefined);
    assert.deepEqual(change({ tags: { k: "1" } }, { tags: { k: "2", j: "1" } }, ignore("tags.k"))?.paths, ["tags.j"]);
    const list = (size: number, type: string) => ({
      disks: [
        { size, type },
        { size: 1, type },
      ],
    });
    assert.equal(change(list(1, "a"), list(2, "a"), ignore("disks[*].size")), undefined);
    assert.deepEqual(change(list(1, "a"), list(2, "b"), ignore("disks[*].size"))?.paths, [
      "disks[0].type",
      "disks[1].type",
    ]);
    assert.equal(change({ tags: { k: U } }, { tags: { k: "1" } }, ignore("tags")), undefined);
  });

  it("sees added and removed items, and empty mappings", () => {
    assert.deepEqual(change({ list: [1] }, { list: [1, 2] })?.paths, ["list[1]"]);
    assert.deepEqual(change({ list: [1] }, {})?.paths, ["list"]);
    assert.deepEqual(change({}, { tags: {} })?.paths, ["tags"]);
    assert.deepEqual(change({ a: { b: 1 } }, { a: 1 })?.paths, ["a"]);
    assert.equal(change({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }), undefined);
  });

  it("replaces by replaceOnChanges, of any type", () => {
    const always = (...replaceOnChanges: string[]) => ({ replaceOnChanges });
    assert.deepEqual(
      change({ instanceType: "t3.small" }, { instanceType: "t3.large" }, always("instanceType"))?.forcing,
      ["instanceType"],
    );
    assert.equal(change({ a: { b: 1 } }, { a: { b: 2 } }, always("a"), OTHER)?.group, "replaced");
    assert.equal(change({ a: { b: 1 } }, { a: { b: 2 } }, always("*"), OTHER)?.group, "replaced");
  });

  it("does not guess what a type does that is not in the table", () => {
    assert.deepEqual(change({ byteLength: 1 }, { byteLength: 2 }, {}, OTHER), {
      ...{ group: "undecided", paths: ["byteLength"], forcing: [] },
    });
  });

  it("says of a value when it is known later, or was", () => {
    const [later] = differenceOf(
      [resource(INSTANCE, "a", { ami: "x", subnetId: U })],
      [resource(INSTANCE, "a", { ami: U, subnetId: "s" })],
    ).replaced;
    assert.deepEqual(
      later?.changes.map(({ text, kind }) => [text, kind]),
      [
        ["ami", "later"],
        ["subnetId", "was later"],
      ],
    );
  });

  it("is none for components, reads, and what cannot be compared", () => {
    const component = (size: number) => resource("shop:index:Site", "a", { size }, { kind: "component" });
    assert.equal(differenceOf([component(1)], [component(2)]).unchanged, 1);
    const read = (size: number) => resource(INSTANCE, "b", { size }, { kind: "read" });
    assert.equal(differenceOf([read(1)], [read(2)]).unchanged, 0);
    const hidden = () => resource(INSTANCE, "a", { userData: "[secret]", file: "[asset]" });
    const { unchanged, hidden: count } = differenceOf([hidden()], [hidden()]);
    assert.deepEqual([unchanged, count], [1, 2]);
  });

  it("is a replacement in another region, also where only the provider says which", () => {
    const at = (region: string, type = INSTANCE, inputs: WireObject = {}) => resource(type, "a", inputs, { region });
    const texts = (before: RecordedResource, after: RecordedResource) =>
      differenceOf([before], [after]).replaced.flatMap(({ forcing }) => forcing.map(({ text }) => text));
    assert.deepEqual(texts(at("us-east-1"), at("eu-west-1")), ["its region"]);
    assert.deepEqual(texts(at("us-east-1"), at("us-east-1")), []);
    const role = "aws:iam/role:Role";
    assert.deepEqual(texts(at("us-east-1", role), at("eu-west-1", role)), []);
    const said = (region: string) => at(region, "aws:sns/topic:Topic", { region });
    assert.deepEqual(texts(said("us-east-1"), said("eu-west-1")), ["region"]);
  });

  it("leaves it open whether another provider replaces it", () => {
    const one = (provider: string) => resource(INSTANCE, "a", {}, { provider: urn("pulumi:providers:aws", provider) });
    assert.deepEqual(
      differenceOf([one("x")], [one("y")]).undecided[0]?.changes.map(({ text }) => text),
      ["its provider"],
    );
  });
});

describe("what comes from other resources", () => {
  const image = (name: string, ami: string) => resource(INSTANCE, name, { ami });
  const copy = (from: string, more: Partial<RecordedResource> = {}) =>
    resource(
      COPY,
      "copy",
      { sourceAmiId: U },
      {
        ...{ dependsOn: [urn(INSTANCE, from)], inputsFrom: { sourceAmiId: [urn(INSTANCE, from)] }, ...more },
      },
    );
  const tag = () =>
    resource(TAG, "tag", { resourceId: U, value: "1" }, { inputsFrom: { resourceId: [urn(COPY, "copy")] } });
  const names = (urns: string[]) => urns.map((from) => from.split("::").at(-1)).join();
  const may = ({ mayChange }: Difference) =>
    mayChange.map(({ resource: { name }, mayChange: list }: Changed) => [
      name,
      ...list.map(
        (one) =>
          `${one.input} ${names(one.with)}${one.without.length > 0 ? ` not ${names(one.without)}` : ""} ${String(one.replaces)}`,
      ),
    ]);

  it("may change when its source is replaced, and so on", () => {
    const found = differenceOf([image("a", "x"), copy("a"), tag()], [image("a", "y"), copy("a"), tag()]);
    assert.equal(found.replaced.length, 1);
    assert.deepEqual(may(found), [
      ["copy", "sourceAmiId a true"],
      ["tag", "resourceId copy true"],
    ]);
    const ignoring = copy("a", { options: { ignoreChanges: ["sourceAmiId"] } });
    assert.deepEqual(may(differenceOf([image("a", "x"), ignoring, tag()], [image("a", "y"), ignoring, tag()])), []);
  });

  it("may change when it comes from another resource", () => {
    const both = [image("a", "x"), image("b", "x")];
    assert.deepEqual(may(differenceOf([...both, copy("a")], [...both, copy("b")])), [
      ["copy", "sourceAmiId b not a true"],
    ]);
    const gone = differenceOf([...both, copy("a")], [...both, copy("a", { inputsFrom: {} })]);
    assert.deepEqual(may(gone), [["copy", "sourceAmiId  not a true"]]);
    assert.deepEqual(may(differenceOf([...both, copy("a")], [...both, copy("a")])), []);
  });

  it("may be a secret too", () => {
    const secret = (from: string) =>
      resource(INSTANCE, "c", { userData: "[secret]" }, { inputsFrom: { userData: [urn(INSTANCE, from)] } });
    const both = [image("a", "x"), image("b", "x")];
    assert.deepEqual(may(differenceOf([...both, secret("a")], [...both, secret("b")])), [
      ["c", "userData b not a false"],
    ]);
    assert.equal(differenceOf([...both, secret("a")], [...both, secret("a")]).unchanged, 3);
  });

  it("is replaced with what replaceWith names", () => {
    const tied = resource(TAG, "tied", {}, { options: { replaceWith: [urn(INSTANCE, "a")] } });
    const { replaced } = differenceOf([image("a", "x"), tied], [image("a", "y"), tied]);
    assert.deepEqual(
      replaced.map(({ resource: { name }, replacedWith }) => [name, replacedWith]),
      [
        ["a", []],
        ["tied", [urn(INSTANCE, "a")]],
      ],
    );
  });
});

describe("aliases", () => {
  it("name the same resource: by URN, by name, by parent, and through the parent", () => {
    const moved = (old: RecordedResource, now: RecordedResource[]) => {
      const { created, deleted, unchanged } = differenceOf([old], now);
      return [created.length, deleted.length, unchanged];
    };
    const old = resource(INSTANCE, "old", {});
    const now = (aliases: unknown[], more: Partial<RecordedResource> = {}) =>
      resource(INSTANCE, "now", {}, { options: { aliases }, ...more });
    assert.deepEqual(moved(old, [now([])]), [1, 1, 0]);
    assert.deepEqual(moved(old, [now([old.urn])]), [0, 0, 1]);
    assert.deepEqual(moved(old, [now([{ name: "old" }])]), [0, 0, 1]);
    const site = resource(
      "shop:index:Site",
      "site",
      {},
      { kind: "component", options: { aliases: [{ name: "page" }] } },
    );
    const below = `urn:pulumi:dev::shop::shop:index:Site$${INSTANCE}::`;
    const child = { urn: `${below}site-a`, name: "site-a", parent: site.urn };
    assert.deepEqual(moved(old, [site, now([{ name: "old", noparent: true }], child)]), [1, 0, 1]);
    const before = [resource("shop:index:Site", "page", {}, { kind: "component" }), { ...old, urn: `${below}page-a` }];
    assert.deepEqual(differenceOf(before, [site, now([], child)]).created, []);
    assert.equal(differenceOf(before, [site, now([], child)]).unchanged, 2);
  });

  it("do not make an input's source another one", () => {
    const from = (name: string) => ({ inputsFrom: { sourceAmiId: [urn(INSTANCE, name)] } });
    const before = [resource(INSTANCE, "old", {}), resource(COPY, "copy", { sourceAmiId: U }, from("old"))];
    const renamed = resource(INSTANCE, "now", {}, { options: { aliases: [{ name: "old" }] } });
    const found = differenceOf(before, [renamed, resource(COPY, "copy", { sourceAmiId: U }, from("now"))]);
    assert.equal(found.unchanged, 2);
  });
});
