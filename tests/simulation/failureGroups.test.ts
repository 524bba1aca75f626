import assert from "node:assert/strict";
import fc from "fast-check";
import { failureOf } from "../../simulation/failure";
import { groupsOf, type Failing } from "../../simulation/failure/groups";
import { FailureNameError } from "../../simulation/failure/names";
import { needsOf } from "../../simulation/order";
import type { RecordedResource, Simulation } from "../../simulation/types";

function resource(name: string, more: Partial<RecordedResource> = {}): RecordedResource {
  const type = "aws:ec2/thing:Thing";
  const urn = `urn:pulumi:dev::shop::${type}::${name}`;
  return { urn, type, name, kind: "custom", dependsOn: [], inputs: {}, options: {}, hooks: {}, ...more };
}

const urnOf = (name: string) => resource(name).urn;
const names = (resources: readonly RecordedResource[]) => resources.map(({ name }) => name);
const sorted = (urns: Iterable<string>) => [...urns].sort();
const urns = (resources: readonly RecordedResource[]) => sorted(resources.map(({ urn }) => urn));

function simulation(resources: RecordedResource[], more: Partial<Simulation> = {}): Simulation {
  return { project: "shop", stack: "dev", resources, lookups: [], outputs: {}, problems: [], notes: [], ...more };
}

/** Each may need those before it only, in every way there is. */
const program = fc
  .array(
    fc.record({
      kind: fc.constantFrom<RecordedResource["kind"]>("custom", "component", "remote", "read"),
      dependsOn: fc.array(fc.nat(), { maxLength: 2 }),
      one: fc.option(fc.tuple(fc.constantFrom("parent", "provider", "deletedWith"), fc.nat()), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ kind, dependsOn, one }, index) => {
      const before = (number: number) => urnOf(`r${number % index}`);
      const given = index === 0 ? [] : dependsOn.map(before);
      const single = index === 0 || one === undefined ? {} : { [one[0]]: before(one[1]) };
      const { deletedWith, ...direct } = single as { deletedWith?: string };
      return resource(`r${index}`, { kind, dependsOn: given, ...direct, options: deletedWith ? { deletedWith } : {} });
    }),
  );

const failingProgram = program.chain((resources) =>
  fc.record({
    resources: fc.constant(resources),
    failing: fc
      .uniqueArray(fc.record({ urn: fc.constantFrom(...resources.map(({ urn }) => urn)), kept: fc.constant(false) }), {
        minLength: 1,
        maxLength: 3,
        selector: ({ urn }) => urn,
      })
      .map((list): Failing[] => list),
  }),
);

/** Makes whatever can be made, as a run does that goes on for as long as it can. */
function eagerly(resources: readonly RecordedResource[], failing: readonly Failing[]): Set<string> {
  const made = new Set<string>();
  const fails = new Set(failing.map(({ urn }) => urn));
  // In the order of registration, which never needs what comes later.
  for (const one of resources) {
    if (!fails.has(one.urn) && needsOf(one).every((urn) => made.has(urn))) made.add(one.urn);
  }
  return made;
}

/** Makes only what must be there for one resource's turn to come: the least a run can have made when it fails. */
function lazily(resources: readonly RecordedResource[], urn: string): Set<string> {
  const one = resources.find((other) => other.urn === urn);
  return new Set((one ? needsOf(one) : []).flatMap((need) => [need, ...lazily(resources, need)]));
}

describe("what is left after a failure", () => {
  it("is found through dependencies, parents, providers and what a resource is deleted with", () => {
    const resources = [
      resource("top", { kind: "component" }),
      resource("before"),
      resource("fails", { parent: urnOf("top"), dependsOn: [urnOf("before")] }),
      resource("provided", { provider: urnOf("fails") }),
      resource("child", { kind: "component", parent: urnOf("provided") }),
      resource("deleted", { options: { deletedWith: urnOf("child") } }),
      resource("alone"),
      resource("seen", { kind: "read", dependsOn: [urnOf("fails")] }),
      resource("sees", { dependsOn: [urnOf("seen")] }),
    ];
    const { exists, missing, either } = groupsOf(resources, [{ urn: urnOf("fails"), kept: false }]);
    assert.deepEqual(names(exists), ["top", "before"]);
    assert.deepEqual(names(missing), ["fails", "provided", "child", "deleted", "sees"]);
    assert.deepEqual(names(either), ["alone"]);
  });

  it("is certain only for what all of several failures need: the first may stop the run", () => {
    const resources = [
      resource("both"),
      resource("left", { dependsOn: [urnOf("both")] }),
      resource("right", { dependsOn: [urnOf("both")] }),
      resource("one", { dependsOn: [urnOf("left")] }),
      resource("two", { dependsOn: [urnOf("right")] }),
      resource("behind", { dependsOn: [urnOf("two")] }),
    ];
    const failing = ["one", "two", "behind"].map((name) => ({ urn: urnOf(name), kept: false }));
    const { exists, missing, either, unreached } = groupsOf(resources, failing);
    assert.deepEqual([names(exists), names(missing)], [["both"], ["one", "two", "behind"]]);
    assert.deepEqual([names(either), [...unreached]], [["left", "right"], [urnOf("behind")]]);
  });

  it("keeps what an earlier run made, and all it needs, when its update fails", () => {
    const resources = [
      resource("before"),
      resource("image", { dependsOn: [urnOf("before")] }),
      resource("after", { dependsOn: [urnOf("image")] }),
      resource("new"),
    ];
    const failing = [
      { urn: urnOf("image"), kept: true },
      { urn: urnOf("new"), kept: false },
    ];
    const { exists, missing, either } = groupsOf(resources, failing);
    assert.deepEqual([names(exists), names(missing), names(either)], [["before", "image"], ["after", "new"], []]);
  });

  it("ends on a circle", () => {
    const resources = [resource("a", { dependsOn: [urnOf("b")] }), resource("b", { dependsOn: [urnOf("a")] })];
    const groups = groupsOf(resources, [{ urn: urnOf("a"), kept: false }]);
    assert.deepEqual([names(groups.exists), names(groups.missing)], [[], ["a", "b"]]);
  });

  it("puts each resource in exactly one group, and nothing that needs a failed one among what exists", () => {
    fc.assert(
      fc.property(failingProgram, ({ resources, failing }) => {
        const { exists, missing, either } = groupsOf(resources, failing);
        const made = resources.filter(({ kind }) => kind !== "read");
        assert.deepEqual(urns([...exists, ...missing, ...either]), urns(made));
        const fails = new Set(failing.map(({ urn }) => urn));
        for (const { urn } of exists) {
          assert.ok(!fails.has(urn) && ![...lazily(resources, urn)].some((need) => fails.has(need)), urn);
        }
      }),
    );
  });

  it("says of no run more or less than it can have made", () => {
    fc.assert(
      fc.property(failingProgram, ({ resources, failing }) => {
        const { exists, either, unreached } = groupsOf(resources, failing);
        const isMade = (urn: string) => resources.some((one) => one.urn === urn && one.kind !== "read");
        const most = [...eagerly(resources, failing)].filter(isMade);
        assert.deepEqual(urns([...exists, ...either]), sorted(most), "the most that can have been made");
        // Whichever fails first: what all of these runs have made is certain.
        const runs = failing.filter(({ urn }) => !unreached.has(urn)).map(({ urn }) => lazily(resources, urn));
        const least = [...(runs[0] ?? [])].filter((urn) => isMade(urn) && runs.every((run) => run.has(urn)));
        assert.deepEqual(urns(exists), sorted(least), "the least");
      }),
    );
  });
});

describe("the name of a failure", () => {
  const gated = (name: string, ...gates: string[]) =>
    resource(name, { hooks: { beforeCreate: gates.map((gate) => `Site(a)/${name}:${gate}`) } });
  const refusal = (resources: RecordedResource[], name: string, more: Partial<Simulation> = {}): string => {
    try {
      failureOf(simulation(resources, more), [name]);
    } catch (error) {
      assert.ok(error instanceof FailureNameError);
      return error.message;
    }
    return assert.fail(`${name} was found`);
  };
  const found = (resources: RecordedResource[], ...given: string[]) =>
    failureOf(simulation(resources), given).failed.map(({ resource: { urn }, endings }) => [
      urn,
      ...endings.map(({ at }) => at),
    ]);

  it("is a resource's, its URN, RECORD:GATE, a hook's or a gate's", () => {
    const resources = [gated("image", "free", "finished"), gated("other", "boots"), resource("plain")];
    const image = urnOf("image");
    for (const name of ["image", image]) assert.deepEqual(found(resources, name), [[image, "free", "finished"]]);
    for (const name of ["image:finished", `${image}:finished`, "Site(a)/image:finished", "finished"]) {
      assert.deepEqual(found(resources, name), [[image, "finished"]], name);
    }
    assert.deepEqual(found(resources, "plain"), [[urnOf("plain"), "creation"]]);
    assert.deepEqual(found(resources, "image:creation"), [[image, "creation"]]);
  });

  it("may be given more than once; of one record all that is named counts", () => {
    const resources = [gated("image", "free", "finished"), gated("after", "boots")];
    resources[1]?.dependsOn.push(urnOf("image"));
    assert.deepEqual(found(resources, "image:finished", "boots", "image:free", "finished"), [
      [urnOf("image"), "finished", "free"],
      // Its turn never comes.
      [urnOf("after")],
    ]);
  });

  it("is a resource's before it is a gate's", () => {
    const resources = [gated("image", "free"), resource("free"), resource("image:free")];
    assert.deepEqual(found(resources, "free"), [[urnOf("free"), "creation"]]);
    assert.deepEqual(found(resources, "image:free"), [[urnOf("image:free"), "creation"]]);
  });

  it("must mean one: several are listed in words that each mean one", () => {
    const twin = { ...gated("a", "boots"), urn: "urn:pulumi:dev::shop::aws:ec2/other:Other::a" };
    const resources = [gated("a", "boots"), twin, gated("b", "boots"), resource("a", { kind: "component", urn: "c" })];
    assert.equal(
      refusal(resources, "boots"),
      `--fail "boots" means several; choose one:\n  ${twin.urn}:boots\n  ${urnOf("a")}:boots\n  b:boots`,
    );
    assert.equal(refusal(resources, "a"), `--fail "a" means several; choose one:\n  ${twin.urn}\n  ${urnOf("a")}`);
    assert.match(refusal(resources, "a:boots"), /^--fail "a:boots" means several; choose one:\n {2}urn.*:boots\n/);
    for (const line of refusal(resources, "boots").split("\n").slice(1)) found(resources, line.trim());
  });

  it("is refused with the nearest names and all that can fail, in the order of making", () => {
    const resources = [gated("web-image", "boots"), resource("web-base")];
    resources[0]?.dependsOn.push(urnOf("web-base"));
    assert.equal(
      refusal(resources, "web-iamge"),
      [
        '--fail "web-iamge": the stack dev has no resource and no gate of that name. Did you mean web-image, or web-base?',
        "What can fail (with :creation behind its name, past its gates):",
        "  web-base",
        "  web-image, web-image:boots",
      ].join("\n"),
    );
    assert.match(refusal(resources, "boot"), /Did you mean boots\?/);
    assert.match(refusal(resources, urnOf("web-imag")), /Did you mean web-image, or/);
    assert.match(
      refusal(resources, "web-image:boot"),
      /^.* web-image has no gate "boot". Did you mean web-image:boots\?/,
    );
    assert.match(refusal(resources, "web-base:boots"), /web-base has no gate "boots".*\n.*\n {2}web-base$/);
    for (const name of ["", ":", "creation", "x".repeat(300)]) assert.doesNotMatch(refusal(resources, name), /Did you/);
    assert.match(refusal([], "any"), /\n {2}nothing$/);
  });

  it("is none of what is only registered or read", () => {
    const resources = [
      resource("site", { kind: "component" }),
      resource("inner", { kind: "component", parent: urnOf("site") }),
      resource("page", { parent: urnOf("inner") }),
      resource("else"),
      resource("seen", { kind: "read" }),
    ];
    assert.match(refusal(resources, "site"), /site is a component: it is only registered.*\n.*\n {2}page$/);
    assert.match(refusal(resources, urnOf("seen")), /seen is only read, not made\.\n.*\n {2}else\n {2}page$/);
  });

  it("is not blamed alone when the program has errors", () => {
    const problems = [{ severity: "error" as const, message: "no" }];
    assert.match(refusal([], "any", { problems }), /The program has errors, so resources may be missing here/);
  });
});

describe("another program's gates and images", () => {
  it("have no ending of ours, whatever their names", () => {
    const hooks = { beforeCreate: ["site/imageBoots"], beforeUpdate: ["site/still"] };
    const image = resource("image", { type: "aws:ec2/amiFromInstance:AmiFromInstance", hooks });
    const ending = (name: string) => failureOf(simulation([image]), [name]).failed[0]?.endings[0];
    assert.deepEqual(ending("image")?.left, ["nothing of image was made"]);
    assert.equal(ending("still")?.leftover, "kept");
    assert.doesNotMatch(JSON.stringify(ending("image:creation")), /imageAvailable|nameFree|base instance/);
  });
});
