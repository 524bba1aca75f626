import assert from "node:assert/strict";
import { gatesOf, stepNumbers, stepsOf } from "../../simulation/order";
import { toText } from "../../simulation/report";
import { summarize, summaryLine } from "../../simulation/summary";
import { style, wrap } from "../../simulation/text";
import type { Problem, RecordedResource, Simulation } from "../../simulation/types";

function resource(name: string, more: Partial<RecordedResource> = {}): RecordedResource {
  const type = "aws:ec2/thing:Thing";
  return { urn: name, type, name, kind: "custom", dependsOn: [], inputs: {}, options: {}, hooks: {}, ...more };
}

function simulation(more: Partial<Simulation> = {}): Simulation {
  const empty = { resources: [], lookups: [], outputs: {}, problems: [], notes: [] };
  return { project: "shop", stack: "dev", ...empty, ...more };
}

describe("the order of making", () => {
  it("follows dependencies, parents and providers; components take no step", () => {
    const resources = [
      resource("last", { dependsOn: ["child"] }),
      resource("child", { parent: "component" }),
      resource("component", { kind: "component", dependsOn: ["first"] }),
      resource("first", { provider: "provider" }),
      resource("provider"),
      resource("alone"),
      resource("stack", { kind: "read" }),
    ];
    const steps = stepsOf(resources).map((step) => step.map(({ name }) => name));
    assert.deepEqual(steps, [["alone", "provider"], ["first"], ["child"], ["last"]]);
  });

  it("ends on a circle", () => {
    const resources = [resource("a", { dependsOn: ["b"] }), resource("b", { dependsOn: ["a"] })];
    assert.equal(stepNumbers(resources).size, 2);
    assert.equal(stepsOf(resources).flat().length, 2);
  });

  it("counts a gate once, whatever events it is bound to", () => {
    const hooks = { beforeCreate: ["x/gate"], beforeUpdate: ["x/gate", "x/other"], afterCreate: ["x/after"] };
    assert.deepEqual(gatesOf(resource("a", { hooks })), ["x/gate", "x/other"]);
  });
});

describe("the report", () => {
  const warning: Problem = { severity: "warning", message: "careful" };
  const error: Problem = { severity: "error", message: "no\n  - size: too big", path: "a/b", source: "index.ts:1" };

  it("sums up in one line", () => {
    const line = (more: Partial<Simulation>) => summaryLine(summarize(simulation(more)));
    assert.equal(line({}), "dev: 0 resources in 0 regions, 0 gates, 0 problems");
    assert.equal(line({ problems: [warning] }), "dev: 0 resources in 0 regions, 0 gates, 1 warning");
    assert.match(line({ problems: [error, warning] }), /2 problems \(1 error, 1 warning\)$/);
    const resources = [resource("a", { region: "eu-west-1", hooks: { beforeCreate: ["g"] } })];
    assert.equal(line({ resources }), "dev: 1 resource in 1 region, 1 gate, 0 problems");
  });

  it("shows each problem with its path and line", () => {
    const text = toText(simulation({ problems: [error] }), style(false));
    assert.match(text, / {2}error: no\n {6}- size: too big\n {4}at a\/b {2}index.ts:1\n/);
  });

  it("stays within 100 columns, with long names and many remarks", () => {
    const long = "a-rather-long-name-of-a-resource-in-a-program-that-somebody-wrote-in-a-hurry-one-afternoon";
    const options = { protect: true, retainOnDelete: true, ignoreChanges: ["a", "b"], deleteBeforeReplace: true };
    const hooks = { beforeCreate: ["x/oneGate", "x/anotherGate"], onError: ["x/tryAgain"] };
    const resources = [
      resource("top", { kind: "component" }),
      resource("short", { parent: "top", region: "ap-southeast-2", options, hooks }),
      resource(long.slice(0, 80), { parent: "top", options, hooks }),
    ];
    const problems: Problem[] = [{ severity: "error", message: "word ".repeat(60).trim() }];
    const text = toText(simulation({ resources, problems }), style(false));
    assert.deepEqual(
      text.split("\n").filter((line) => line.length > 100),
      [],
    );
  });

  it("tells names that repeat in a step apart by their types, and no others", () => {
    const of = (type: string, more: Partial<RecordedResource> = {}) =>
      resource("logs", { urn: type, type: `aws:s3/x:${type}`, ...more });
    const resources = [
      of("Bucket"),
      of("BucketPolicy"),
      resource("web"),
      of("BucketVersioning", { dependsOn: ["web"] }),
    ];
    const gated = of("BucketMetric", { hooks: { beforeCreate: ["x/gate"] } });
    const text = toText(simulation({ resources: [...resources, gated] }), style(false));
    assert.match(
      text,
      /\n {2}1 {2}logs \(Bucket\) · logs \(BucketPolicy\) · web\n {5}gate gate → logs \(BucketMetric\)\n/,
    );
    assert.match(text, /\n {2}2 {2}logs\n/);
  });

  it("colours only when asked", () => {
    const coloured = toText(simulation({ problems: [error] }), style(true));
    const plain = toText(simulation({ problems: [error] }), style(false));
    // eslint-disable-next-line no-control-regex
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), plain);
    assert.notEqual(coloured, plain);
  });

  it("wraps at spaces and keeps line breaks and indents", () => {
    assert.deepEqual(wrap("one two three\n  four", 8), ["one two", "three", "  four"]);
  });
});
