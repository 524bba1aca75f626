/** One thing wrong with an input: where, what was given, what AWS (or this package) allows, and what to do about it. */
export interface Problem {
  /** Property path as the caller writes it, e.g. `recipe.steps[2].file.mode`. */
  path: string;
  /** The value as given; left out of the text when undefined. */
  given?: unknown;
  /** The rule, e.g. `an octal mode such as "0644"`. */
  allowed: string;
  /** What to do, as an imperative sentence without a final stop. */
  fix: string;
}

const GIVEN_LIMIT = 80;

function asText(given: unknown): string {
  try {
    return JSON.stringify(given) ?? String(given);
  } catch {
    // Circular values, and bigints.
    return String(given);
  }
}

/** The given value as short, printable text. */
export function describeGiven(given: unknown): string {
  const text = asText(given);
  return text.length > GIVEN_LIMIT ? `${text.slice(0, GIVEN_LIMIT - 1)}…` : text;
}

/** One line a problem, in the order found. */
export function formatProblem(problem: Problem): string {
  const given = problem.given === undefined ? "" : `got ${describeGiven(problem.given)}, `;
  return `${problem.path}: ${given}allowed is ${problem.allowed}. ${problem.fix}.`;
}

/** The one error text that names every problem at once. */
export function formatProblems(subject: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return [`${subject}: ${count}`, ...problems.map((problem) => `  - ${formatProblem(problem)}`)].join("\n");
}
