/**
 * What `import "pulumi-ami-lifecycle"` adds to `import "@pulumi/aws"`, in CPU time:
 *
 *     npm run build && npx ts-node bench/import.ts [--json] [--package PATH] [--rounds N]
 *
 * Each import is a process of its own; both take turns, and the smallest of each counts: what is above it is noise.
 */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    package: { type: "string", default: resolve(__dirname, "../dist/index.js") },
    rounds: { type: "string", default: "5" },
  },
});

const MEASURE = `
  const start = process.cpuUsage();
  require(process.argv[1]);
  const { user, system } = process.cpuUsage(start);
  console.log((user + system) / 1000);
`;
const importing = (module: string): number =>
  Number(execFileSync(process.execPath, ["-e", MEASURE, module], { cwd: __dirname, encoding: "utf8" }));

const aws: number[] = [];
const own: number[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  aws.push(importing("@pulumi/aws"));
  own.push(importing(values.package));
}
const [awsMs, ownMs] = [Math.min(...aws), Math.min(...own)];
const addedPercent = Math.round((1000 * (ownMs - awsMs)) / awsMs) / 10;
if (values.json) console.log(JSON.stringify({ awsMs, ownMs, addedPercent }));
else
  console.log(
    `@pulumi/aws ${awsMs.toFixed(0)} ms, pulumi-ami-lifecycle ${ownMs.toFixed(0)} ms: ${addedPercent} % more`,
  );
