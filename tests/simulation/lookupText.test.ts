/** Look-ups in the report: which one it is can be told, and no quote is left open. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { lookupLines, valueText } from "../../simulation/lookupText";
import { style } from "../../simulation/text";
import type { Wire, WireObject } from "../../simulation/types";

const lines = (args: WireObject, colour = false): string[] =>
  lookupLines(
    { token: "", region: "us-east-1", certainty: "assumed", args },
    "aws:ssm/getParameter",
    98,
    style(colour),
  );

/** Quotes that nothing escapes. */
const quotes = (text: string): number => text.replaceAll(/\\./g, "").split('"').length - 1;

describe("the text of a look-up", () => {
  const parameter = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id";

  it("has a public parameter's name as a whole", () => {
    assert.deepEqual(lines({ name: parameter, region: "us-east-1" }), [
      "look-up assumed: aws:ssm/getParameter (us-east-1,",
      `    name: "${parameter}")`,
    ]);
    assert.deepEqual(lines({ name: "/a" }), ['look-up assumed: aws:ssm/getParameter (us-east-1, name: "/a")']);
  });

  it("is cut in the middle of what is longer", () => {
    const text = valueText(`${parameter}/${parameter}`);
    assert.match(text, /^"\/aws\/service\/canonical\/.*….*\/hvm\/ebs-gp3\/ami-id"$/);
    assert.equal(text.length, 84);
  });

  it("has fewer entries of what is too many", () => {
    const filters = Array.from({ length: 9 }, (_, at) => ({ name: `tag:number-${at}`, values: ["true", "false"] }));
    assert.match(valueText(filters), /^\[\{name: "tag:number-0", values: \["true", "false"\]\}, .*\}, …\]$/);
    assert.equal(valueText(filters.slice(0, 1)), '[{name: "tag:number-0", values: ["true", "false"]}]');
  });

  it("closes each quote, stays within the width and has its colour beside it, whatever is asked", () => {
    const { tree } = fc.letrec<{ tree: Wire; leaf: Wire }>((tie) => ({
      leaf: fc.oneof(fc.string({ maxLength: 300, unit: "grapheme" }), fc.integer(), fc.boolean(), fc.constant(null)),
      tree: fc.oneof({ maxDepth: 2 }, tie("leaf"), fc.array(tie("tree")), fc.dictionary(fc.stringMatching(/^\w{1,20}$/), tie("tree"))), // prettier-ignore
    }));
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,20}$/), tree), (args) => {
        const plain = lines(args);
        assert.equal(quotes(plain.join("\n")) % 2, 0);
        for (const line of plain) assert.ok(line.length <= 98, line);
        // eslint-disable-next-line no-control-regex
        assert.deepEqual(lines(args, true).map((line) => line.replaceAll(/\u001b\[\d+m/g, "")), plain); // prettier-ignore
      }),
    );
  });
});
