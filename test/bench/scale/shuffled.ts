/** In an order that has nothing to do with theirs. */
export function shuffled<T>(values: readonly T[]): T[] {
  const keyed = values.map((value) => [Math.random(), value] as const);
  return keyed.toSorted(([a], [b]) => a - b).map(([, value]) => value);
}
