import { type Budget, isMet, limitOf } from './budgets.js';
import type { Spread } from './spread.js';

export function told({ median, min, max }: Spread): string {
  return `${short(median)} (${short(min)}..${short(max)})`;
}

/** The limit, and whether it is met. */
export function verdict(budget: Budget | undefined, { median }: Spread): [limit: string, verdict: string] {
  if (!budget) return ['', ''];
  return [limitOf(budget), `${isMet(budget, median) ? 'met' : 'NOT MET'}: ${budget.about}`];
}

/** Lines of a table; columns that are not in `left` are numbers, whose ends meet. */
export function aligned(table: readonly (readonly string[])[], left: ReadonlySet<number>): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    left.has(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return table.map((line) => line.map(cell).join('  ').trimEnd());
}

function short(value: number): string {
  return value.toFixed(value >= 100 ? 0 : 2);
}
