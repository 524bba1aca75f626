/** Whether a value can be judged now: everything but what is not given and what is known later. */
export const isKnown = (value: unknown): boolean =>
  value !== undefined && (typeof value !== "object" || value === null || Array.isArray(value) || isLiteral(value));

/** A literal object: outputs and promises are instances of classes. */
export const isLiteral = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
