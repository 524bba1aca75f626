import { WIDTH } from "../report";
import { wrap } from "../text";
import { ASSUMPTIONS, type AssumptionName, type Seconds } from "./assumptions";

/** The assumptions that texts such as `launchSeconds + bootSeconds + 2 × 15 s` name, in the table's order. */
export function assumptionsIn(texts: readonly string[]): AssumptionName[] {
  const used = new Set(texts.flatMap((from) => from.split(" + ")));
  return (Object.keys(ASSUMPTIONS) as AssumptionName[]).filter((name) => used.has(name));
}

/** Each with its seconds, what it means and who says so. */
export function assumptionLines(names: readonly AssumptionName[], seconds: Seconds): string[] {
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.flatMap((name) => {
    const { what, source, seconds: usual } = ASSUMPTIONS[name];
    const head = `  ${name.padEnd(width)} ${String(seconds[name]).padStart(5)} s  `;
    const said = seconds[name] === usual ? source : `given with --assume; otherwise ${usual} s`;
    return wrap(`${what} (${said})`, WIDTH - head.length).map(
      (line, at) => (at === 0 ? head : " ".repeat(head.length)) + line,
    );
  });
}
