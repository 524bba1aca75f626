import assert from "node:assert/strict";
import fc from "fast-check";
import { baseImageProblems, describeQuery } from "../../../components/internal/baseImageRules";
import { formatProblem } from "../../../components/internal/problems";

const paths = (given: unknown, id?: string) => baseImageProblems("baseImage", given, id).map(({ path }) => path);
const text = (given: unknown) => baseImageProblems("baseImage", given, undefined).map(formatProblem).join("\n");
const CODE = "abcdefghij0123456789klmno";

describe("rules for base images", () => {
  it("take each way by itself", () => {
    for (const right of [
      undefined,
      null,
      { ssmParameter: "/aws/service/debian/release/12/latest/amd64" },
      { ssmParameter: "golden" },
      { owner: "309956199498", namePattern: "RHEL-9.*_HVM-*-x86_64-*-Hourly2-GP3" },
      { owner: "self", namePattern: "web/dev/1.?.0" },
      { owner: "amazon", namePattern: "al2023-ami-minimal-*" },
      { productCode: CODE },
      { productCode: CODE, owner: undefined, namePattern: null },
    ])
      assert.deepEqual(paths(right), [], JSON.stringify(right));
  });

  it("never take a name without an owner: anybody can publish one under it", () => {
    assert.deepEqual(paths({ namePattern: "ubuntu/images/*" }), ["baseImage.owner"]);
    assert.match(text({ namePattern: "ubuntu/images/*" }), /anybody can publish an image under that name/);
    fc.assert(
      fc.property(
        fc.string(),
        fc.constantFrom(undefined, null, "", "*", "0", "all", "aws-marketplace"),
        (name, owner) => assert.notDeepEqual(paths({ namePattern: name, owner }), []),
      ),
    );
  });

  it("take exactly one way, and no id beside it", () => {
    const name = { owner: "self", namePattern: "web" };
    assert.deepEqual(paths({}), ["baseImage"]);
    assert.deepEqual(paths({ ...name, productCode: CODE }), ["baseImage"]);
    assert.deepEqual(paths({ ssmParameter: "a", productCode: CODE }), ["baseImage"]);
    assert.deepEqual(paths({ owner: "self" }), ["baseImage.namePattern"]);
    assert.deepEqual(paths(name, "ami-0123456789abcdef0"), ["baseImage"]);
    assert.deepEqual(paths("ami-1"), ["baseImage"]);
  });

  it("name every wrong value, by AWS's rules", () => {
    const wrong: [object, RegExp][] = [
      [{ ssmParameter: "a b" }, /ssmParameter: got "a b".*at most 15 levels/],
      [{ ssmParameter: "/a".repeat(16) }, /at most 15 levels/],
      [{ ssmParameter: "a".repeat(1012) }, /at most 15 levels/],
      [{ ssmParameter: 1 }, /ssmParameter: got 1/],
      [{ owner: 309956199498, namePattern: "RHEL-9*" }, /owner: got 309956199498.*12 digits as a text/],
      [{ owner: "aws-marketplace", namePattern: "x*" }, /for AWS Marketplace use productCode/],
      [{ owner: "self", namePattern: "***" }, /not wildcards alone/],
      [{ owner: "self", namePattern: "a;b" }, /namePattern: got "a;b"/],
      [{ owner: "self", namePattern: "a".repeat(129) }, /1 to 128/],
      [{ productCode: "prod-abcdefghijklm" }, /the product's id \(prod-…\) is another/],
      [{ toString: "" }, /toString: allowed is ssmParameter/],
      [{ parameter: "x" }, /parameter: allowed is ssmParameter, owner.*\n.*exactly one of/],
    ];
    for (const [given, expected] of wrong) assert.match(text(given), expected);
    fc.assert(fc.property(fc.anything(), (given) => void paths(given)));
  });

  it("say the choice in one line", () => {
    assert.equal(describeQuery({ ssmParameter: "/a" }), "SSM parameter /a");
    assert.equal(describeQuery({ owner: "self", namePattern: "web*" }), "web* of self");
    assert.equal(describeQuery({ productCode: CODE }), `Marketplace product ${CODE}`);
  });
});
