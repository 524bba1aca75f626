/** One rule of AWS for a plain value: what it allows and what to do. */
export interface Rule {
  test: (value: unknown) => boolean;
  allowed: string;
  fix: string;
}

export const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
export const within = (low: number, high: number) => (value: unknown) =>
  typeof value === "number" && Number.isInteger(value) && value >= low && value <= high;

/** One of these texts. */
export const oneOf = (...values: string[]): Rule => ({
  test: (value) => values.includes(value as string),
  allowed: values.join(", "),
  fix: "Use one of them",
});
