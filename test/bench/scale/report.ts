/** One number that a run found, and what it is to stay under. */
export interface Measure {
  part: string;
  name: string;
  value: number;
  unit: string;
  most?: number;
}

/** Of sorted or unsorted numbers; the smallest that `share` of them do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The usual three of a distribution. */
export function spread(part: string, name: string, unit: string, values: readonly number[], most?: number): Measure[] {
  return [
    { part, name: `${name}, p50`, value: percentile(values, 0.5), unit },
    { part, name: `${name}, p99`, value: percentile(values, 0.99), unit, ...(most !== undefined && { most }) },
    { part, name: `${name}, max of ${values.length}`, value: Math.max(...values), unit },
  ];
}

export function asTable(measures: readonly Measure[]): string {
  const rows = measures.map(({ part, name, value, unit, most }) => [
    part,
    name,
    `${rounded(value)} ${unit}`,
    most === undefined ? '' : `<= ${most} ${unit}`,
    most === undefined ? '' : value <= most ? 'met' : 'NOT MET',
  ]);
  const table = [['part', 'measured', 'value', 'budget', ''], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
