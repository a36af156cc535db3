import { BUDGETS } from '../budgets.js';
import type { Spread } from '../spread.js';
import { aligned, told, verdict } from '../table-text.js';
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
    return isSpread(spread) ? [[name, told(spread), ...verdict(BUDGETS[name], spread)]] : [];
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
