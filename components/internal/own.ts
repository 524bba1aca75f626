/** A table's entry; undefined for a key that it does not have itself, which may be the name of an object's method. */
export const own = <T>(table: { readonly [key: string]: T } | undefined, key: string): T | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;
