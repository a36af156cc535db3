/** Several measurements of one thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
  return { median: rounded(median), min: rounded(sorted[0] ?? NaN), max: rounded(sorted.at(-1) ?? NaN) };
}

/** To four digits that count. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
