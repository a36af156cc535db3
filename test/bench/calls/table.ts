import { type Budget, BUDGETS, isMet, limitOf } from '../budgets.js';
import type { Spread } from '../spread.js';
import type { Report } from './report.js';

const HEAD = [
  'row',
  'conns',
  'CPU us/call',
  '(min..max)',
  'of bare',
  'calls/s',
  'p50 ms',
  'p99 ms',
  'upstream/call',
  '',
];

/** The report as people read it. */
export function tableOf({ machine, rounds, seconds, rows, figures }: Report): string {
  const lines = rows.map((row) => [
    row.name,
    String(row.connections),
    row.cpuMicros.median.toFixed(1),
    `(${row.cpuMicros.min.toFixed(1)}..${row.cpuMicros.max.toFixed(1)})`,
    row.cpuAgainstBare?.median.toFixed(2) ?? '',
    row.callsPerSecond.median.toFixed(0),
    row.p50Ms.median.toFixed(2),
    row.p99Ms.median.toFixed(2),
    row.upstreamRequestsPerCall.median.toFixed(2),
    row.about,
  ]);
  const before = Object.entries(figures.againstBefore).map(
    ([name, spread]) => [`${name}, against before`, spread] as const,
  );
  const budgets = [...Object.entries({ ...figures.ratios, ...figures }), ...before].flatMap(([name, spread]) => {
    const budget = BUDGETS[name];
    return isSpread(spread) ? [[name, told(spread), budget ? limitOf(budget) : '', verdict(budget, spread)]] : [];
  });
  return [
    `Node.js ${machine.node}, ${machine.cpus}, load by ${machine.generator}; ${rounds} rounds of ${seconds} s, medians`,
    '',
    ...aligned([HEAD, ...lines], new Set([0, 9])),
    '',
    ...aligned([['figure', 'median (min..max)', 'budget', ''], ...budgets], new Set([0, 1, 2, 3])),
    '',
  ].join('\n');
}

function isSpread(value: object | undefined): value is Spread {
  return value !== undefined && 'median' in value;
}

function told({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}..${max.toFixed(2)})`;
}

function verdict(budget: Budget | undefined, { median }: Spread): string {
  if (!budget) return '';
  return `${isMet(budget, median) ? 'met' : 'NOT MET'}: ${budget.about}`;
}

function aligned(table: readonly (readonly string[])[], left: ReadonlySet<number>): string[] {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  const cell = (text: string, column: number) =>
    left.has(column) ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return table.map((line) => line.map(cell).join('  ').trimEnd());
}
