import type { Problem } from "../problems";
import type { Rule } from "../rule";
import { Checks } from "../rules";
import { byRules, type Inputs, twiceProblems, valuesAt } from "./inputs";

/** Where resources have tags, of themselves and of what is made with them. */
const PLACES = ["tags", "volumeTags", "rootBlockDevice.tags", "ebsBlockDevices[].tags", "tagSpecifications[].tags"];

/** EC2 has keys of one character less than the other services. */
const longestKey = (type: string): number => (/^aws:(ec2|ebs)\//.test(type) ? 127 : 128);

/** Tags of an Auto Scaling group: a list of them. */
const LISTED: { [path: string]: Rule } = {
  "tags[].key": {
    test: (value) => typeof value === "string" && [...value].length <= 128 && !/^aws:/i.test(value),
    allowed: "1 to 128 characters, not beginning with aws:",
    fix: "Choose another key",
  },
  "tags[].value": {
    test: (value) => typeof value === "string" && [...value].length <= 256,
    allowed: "at most 256 characters",
    fix: "Shorten it",
  },
};

/** Tags that AWS refuses. */
export function tagProblems(type: string, inputs: Inputs): Problem[] {
  if (Array.isArray(inputs.tags)) {
    return [...byRules(inputs, LISTED), ...twiceProblems(inputs, "tags", "key", "each key once", { isSet: true })];
  }
  const checks = new Checks();
  for (const [path, tags] of PLACES.flatMap((place) => valuesAt(inputs, place))) {
    checks.tags(path, tags, { records: true, longestKey: longestKey(type) });
  }
  return checks.problems;
}
