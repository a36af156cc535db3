import { cpus } from 'node:os';
import { BUDGETS } from '../budgets.js';
import type { Weights } from '../recorded.js';
import type { Spread } from '../spread.js';
import { aligned, told, verdict } from '../table-text.js';
import { type FigureReport, figureReports, type Round, weightsOf, type WeightSpreads } from './figures.js';

/** What `--json` prints. */
export interface Report {
  readonly machine: { readonly node: string; readonly cpus: string; readonly hasMemory: boolean };
  readonly rounds: number;
  readonly figures: readonly FigureReport[];
  /** Against a bare Node.js process, or the bare relay, of the same round. */
  readonly weights: Weights;
  /** With their spreads. */
  readonly weightSpreads: WeightSpreads;
  readonly weightSpreadsBefore: WeightSpreads;
}

export function reportOf(rounds: readonly Round[], hasMemory: boolean): Report {
  const [cpu] = cpus();
  const weightSpreads = weightsOf(rounds);
  return {
    machine: { node: process.version, cpus: `${cpus().length} x ${cpu?.model ?? 'unknown'}`, hasMemory },
    rounds: rounds.length,
    figures: figureReports(rounds),
    weights: Object.fromEntries(Object.entries(weightSpreads).map(([name, { median }]) => [name, median])),
    weightSpreads,
    weightSpreadsBefore: weightsOf(rounds, 'before'),
  };
}

const UNITS = { ReadyS: 's', readyS: 's', CpuS: 's', callsPerSecond: '/s' } as const;

/** Of a figure, by the end of its name; what has no other is memory or a size. */
export function unitOf(name: string): string {
  return Object.entries(UNITS).find(([end]) => name.endsWith(end))?.[1] ?? 'MiB';
}

/** The report as people read it. */
export function tableOf({ machine, rounds, figures, weightSpreads, weightSpreadsBefore }: Report): string {
  const spread = (found: Spread | undefined) => (found ? told(found) : '');
  const figureLines = figures.map(({ name, now, before, againstBefore }) => [
    ...[name, unitOf(name), spread(now), spread(before), spread(againstBefore)],
  ]);
  const weightLines = Object.entries(weightSpreads).map(([name, found]) => {
    const before = Object.entries(weightSpreadsBefore).find(([other]) => other === name)?.[1];
    return [name, spread(found), spread(before), ...verdict(BUDGETS[name], found)];
  });
  return [
    `Node.js ${machine.node}, ${machine.cpus}; ${rounds} rounds, medians (min..max)`,
    ...(machine.hasMemory ? [] : ['Memory is left out: only Linux tells, in /proc, what processes share.']),
    '',
    ...aligned([['figure', '', 'now', 'before', 'now / before'], ...figureLines], new Set([0, 1, 2, 3, 4])),
    ...(weightLines.length === 0 ? [] : ['']),
    ...(weightLines.length === 0
      ? []
      : aligned([['against bare', 'now', 'before', 'budget', ''], ...weightLines], new Set([0, 1, 2, 3, 4]))),
    '',
  ].join('\n');
}
