/**
 * What the simulation costs, as ratios within one run, each a median of five, in wall time of processes of their own:
 *
 *     npm run bench [-- --json]
 *
 * A ratio above its limit ends with exit code 1.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { json: { type: "boolean", default: false }, rounds: { type: "string", default: "5" } },
});
const ROOT = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "bench-"));

/** Seconds of a process. */
function timed(...args: string[]): number {
  const start = process.hrtime.bigint();
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"], maxBuffer: 1 << 28 });
  return Number(process.hrtime.bigint() - start) / 1e9;
}
const simulate = (...args: string[]): number => timed(join(ROOT, "cli/fromSources.cjs"), "simulate", ...args);
const many = (resources: number, regions: number, ...more: string[]): number => {
  const config = [`many:resources=${resources}`, `many:regions=${regions}`].flatMap((one) => ["--config", one]);
  return simulate("--cwd", "bench/many", "--json", ...config, ...more);
};

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** What is measured; all take turns, so that a slow moment of the machine is everybody's. */
const MEASURES = {
  aws: () => timed("-e", 'require("@pulumi/aws")'),
  prod: () => simulate("--stack", "prod"),
  ten: () => many(10, 1),
  half: () => many(500, 1),
  thousand: () => many(1000, 1),
  regions: () => many(1000, 20),
  report: () => many(500, 1, "--report", join(folder, "many.html")),
};
type Name = keyof typeof MEASURES;
const names = Object.keys(MEASURES) as Name[];

// The first one compiles.
names.forEach((name) => MEASURES[name]());
const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as { [name in Name]: number[] };
for (let round = 0; round < Number(values.rounds); round++) names.forEach((name) => taken[name].push(MEASURES[name]()));
rmSync(folder, { recursive: true });
const seconds = Object.fromEntries(names.map((name) => [name, median(taken[name])])) as { [name in Name]: number };

// A process has a start of its own, which would hide what more resources cost: the slopes are compared.
const early = (seconds.half - seconds.ten) / 490;
const late = (seconds.thousand - seconds.half) / 500;
const ratios = [
  { what: "simulating prod / loading @pulumi/aws", ratio: seconds.prod / seconds.aws, limit: 3 },
  { what: "cost of a resource, 500 to 1,000 / 10 to 500", ratio: late / early, limit: 1.3 },
  { what: "1,000 resources in 20 regions / in one", ratio: seconds.regions / seconds.thousand, limit: 1.3 },
  {
    what: "the report / the simulation, 500 resources",
    ratio: (seconds.report - seconds.half) / seconds.half,
    limit: 2,
  },
];
if (values.json) console.log(JSON.stringify({ seconds, ratios }, null, 2));
else {
  for (const name of names) console.log(`${name.padEnd(9)} ${seconds[name].toFixed(2)} s`);
  for (const { what, ratio, limit } of ratios) {
    console.log(`${ratio.toFixed(2).padStart(5)} ≤ ${limit}  ${what}${ratio > limit ? "  TOO MUCH" : ""}`);
  }
}
process.exitCode = ratios.every(({ ratio, limit }) => ratio <= limit) ? 0 : 1;
