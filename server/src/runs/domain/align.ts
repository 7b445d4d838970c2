/** The same thing in two runs; null where one of them lacks it. */
export interface Aligned<T> {
  readonly key: string;
  readonly a: T | null;
  readonly b: T | null;
}

/**
 * Lays two lists of named things beside each other: in the order of the first, and what only the second has behind
 * what it follows there.
 */
export function align<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): Aligned<T>[] {
  const inA = new Map(a.map((item) => [keyOf(item), item]));
  const inB = new Map(b.map((item) => [keyOf(item), item]));
  const order = [...inA.keys()];
  let previous: string | null = null;
  for (const key of inB.keys()) {
    if (!inA.has(key)) order.splice(previous === null ? 0 : order.indexOf(previous) + 1, 0, key);
    previous = key;
  }
  return order.map((key) => ({ key, a: inA.get(key) ?? null, b: inB.get(key) ?? null }));
}
