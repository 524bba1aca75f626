/** Tables of what AWS refuses and takes of a resource, as tests. */
import assert from "node:assert/strict";
import { formatProblem } from "../../../components/internal/problems";
import { type Inputs, resourceProblems } from "../../../components/internal/resourceRules";

export type Refused = [type: string, inputs: Inputs, text: string];
export type Taken = [type: string, inputs: Inputs];

export const texts = (type: string, inputs: Inputs, region: string | undefined = "us-east-1"): string[] =>
  resourceProblems(type, inputs, region).map(formatProblem);

/** Each of the refused has one problem, which begins with its text; the taken have none. */
export function itTells(refused: readonly Refused[], taken: readonly Taken[]): void {
  for (const [type, inputs, text] of refused) {
    it(`${type.split(":").pop()} ${text.slice(0, 90)}`, () => {
      const found = texts(type, inputs);
      assert.equal(found.length, 1, found.join("\n"));
      assert.ok(found[0]?.startsWith(text), found[0]);
    });
  }

  it("is nothing of what AWS takes, or what is known only later", () => {
    for (const [type, inputs] of taken) assert.deepEqual(texts(type, inputs), [], `${type} ${JSON.stringify(inputs)}`);
  });
}
