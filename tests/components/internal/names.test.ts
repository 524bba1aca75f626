import assert from "node:assert/strict";
import fc from "fast-check";
import {
  defaultInstanceType,
  imageName,
  keyAliasName,
  liveParameterName,
  NO_IMAGE,
  NO_INSTANCE,
  versionedName,
} from "../../../components/internal/names";
import { Checks, RULES } from "../../../components/internal/rules";
import { isVersion } from "../../../components/internal/versions";

const letters = (alphabet: string, least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: least, maxLength: most });
const ALPHANUMERIC = "abcXYZ019";

/** Everything that the rules let through. Stack names: letters, digits, hyphens, underscores and full stops. */
const line = fc
  .tuple(letters(ALPHANUMERIC, 1, 1), letters(`${ALPHANUMERIC}-`, 0, 62))
  .map((parts) => parts.join(""))
  .filter((text) => RULES.line.test(text));
const stack = letters(`${ALPHANUMERIC}-_.`, 1, 30);
const version = fc
  .tuple(fc.nat(20), fc.nat(20), fc.nat(20), fc.option(letters("abc01-.", 1, 8)))
  .map(([a, b, c, pre]) => `${a}.${b}.${c}${pre === null ? "" : `-${pre}`}`)
  .filter(isVersion);
const identity = fc.record({ line, stack, version });
type Identity = { line: string; stack: string; version: string };
const nameOf = (of: Identity) => imageName(of.line, of.stack, of.version);

describe("physical names of images", () => {
  it("never collide between lines, stacks and versions", () => {
    fc.assert(
      fc.property(identity, identity, (a, b) => {
        const same = a.line === b.line && a.stack === b.stack && a.version === b.version;
        assert.equal(nameOf(a) === nameOf(b), same);
      }),
      { numRuns: 500 },
    );
  });

  it("can be taken apart again, so that nothing in a part looks like another part", () => {
    fc.assert(
      fc.property(identity, (of) => assert.deepEqual(nameOf(of).split("/"), [of.line, of.stack, of.version])),
      { numRuns: 500 },
    );
  });

  it("are valid for AWS, or too long and refused as that", () => {
    fc.assert(
      fc.property(identity, (of) => {
        const name = nameOf(of);
        const found = new Checks().rule("imageName", "image name", name).problems;
        assert.equal(found.length, name.length > 128 ? 1 : 0, name);
        assert.match(name, /^[\w().\-/]{3,}$/);
      }),
      { numRuns: 500 },
    );
  });
});

describe("other names", () => {
  it("say the version once", () => {
    assert.equal(versionedName("web", "1.0.0"), "web-1.0.0");
    assert.equal(versionedName("web-1.0.0", "1.0.0"), "web-1.0.0");
    assert.equal(versionedName("1.0.0", "1.0.0"), "1.0.0");
    assert.equal(versionedName("web-11.0.0", "1.0.0"), "web-11.0.0-1.0.0");
    fc.assert(
      fc.property(line, version, (name, of) => {
        const once = versionedName(name, of);
        assert.equal(versionedName(once, of), once);
        assert.ok(once.endsWith(of));
      }),
    );
  });

  it("are valid names of parameters, one a fleet and stack", () => {
    fc.assert(
      fc.property(line, stack, line, stack, (fleet, of, other, otherStack) => {
        const name = liveParameterName(fleet, of);
        // PutParameter: letters, digits and .-_/, at most 15 levels, not beginning with aws or ssm.
        assert.match(name, /^\/ami\/[\w.-]+\/[\w.-]+\/live$/);
        assert.equal(name === liveParameterName(other, otherStack), fleet === other && of === otherStack);
      }),
    );
  });

  it("of placeholders have the form of ids that AWS never gives", () => {
    assert.match(NO_IMAGE, /^ami-0{17}$/);
    assert.match(NO_INSTANCE, /^i-0{17}$/);
    assert.ok(RULES.imageId.test(NO_IMAGE));
  });

  it("of instance types suit the architecture", () => {
    assert.deepEqual(
      [undefined, "x86_64", "arm64"].map((architecture) => defaultInstanceType(architecture)),
      ["t3.small", "t3.small", "t4g.small"],
    );
  });
});

describe("aliases of keys", () => {
  it("are ones that KMS takes, and never collide between lines and stacks", () => {
    const one = fc.record({ line, stack });
    const aliasOf = (of: { line: string; stack: string }) => keyAliasName(of.line, of.stack);
    fc.assert(
      fc.property(one, one, (a, b) => {
        assert.match(aliasOf(a), /^alias\/ami\/[a-zA-Z0-9/_-]{1,246}$/);
        assert.equal(aliasOf(a) === aliasOf(b), a.line === b.line && a.stack === b.stack);
      }),
      { numRuns: 500 },
    );
    assert.equal(keyAliasName("web", "dev"), "alias/ami/web/dev");
  });

  it("tell a full stop from all else", () => {
    const of = (stack: string) => keyAliasName("web", stack);
    assert.equal(of("team.dev"), "alias/ami/web/team/dev");
    assert.equal(new Set([".a", "a.", "a..b", "a.b", "a-b", "a_b", "ab"].map(of)).size, 7);
  });
});
