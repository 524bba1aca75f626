import { suggest } from "../components/internal/nearest";
import { UsageError } from "./usageError";

const NUMBER = /^\d{1,9}(\.\d{1,6})?$/;

/** The figures that an option gives as NAME=NUMBER. Throws a usage error that names every wrong one. */
export function figuresOf<N extends string>(
  option: string,
  given: readonly string[],
  names: readonly N[],
  most: number,
  unit: string,
): Map<N, number> {
  const figures = new Map<N, number>();
  const wrong: string[] = [];
  for (const one of given) {
    const [name = "", value = ""] = one.split(/=(.*)/s);
    const known = names.find((other) => other === name);
    const figure = NUMBER.test(value) ? Number(value) : NaN;
    if (known === undefined) wrong.push(`${option} ${one}: no such figure. ${suggest(name, [...names])}.`);
    else if (!(figure <= most)) wrong.push(`${option} ${one}: 0 to ${most}${unit}.`);
    else figures.set(known, figure);
  }
  if (wrong.length > 0) throw new UsageError(wrong.join("\n"));
  return figures;
}
