import { cpus } from 'node:os';
import { type Spread, spreadOf } from '../spread.js';
import { cpuAgainstBare, type Figures, figuresOf } from './figures.js';
import type { Sample } from './measure.js';
import type { Options } from './options.js';
import type { Measured } from './rounds.js';

/** One row at one number of connections, over all rounds. */
export interface RowReport extends Readonly<Record<keyof Sample, Spread>> {
  readonly name: string;
  readonly about: string;
  readonly connections: number;
  /** CPU per call against the bare relay before and after. */
  readonly cpuAgainstBare: Spread | undefined;
}

/** What `--json` prints. */
export interface Report {
  readonly machine: { readonly node: string; readonly cpus: string; readonly generator: string };
  readonly rounds: number;
  readonly seconds: number;
  readonly rows: readonly RowReport[];
  /** Medians; their spreads are in `figures`. */
  readonly ratios: Readonly<Record<keyof Figures['ratios'], number | undefined>>;
  readonly figures: Figures;
}

export function reportOf(measured: readonly Measured[], { rounds, seconds }: Options, generator: string): Report {
  const figures = figuresOf(measured);
  const { toolsCallLegacy, toolsCallModern, translated, sdkBuilt, lists } = figures.ratios;
  const [cpu] = cpus();
  return {
    machine: { node: process.version, cpus: `${cpus().length} x ${cpu?.model ?? 'unknown'}`, generator },
    rounds,
    seconds,
    rows: measured.map(rowReport),
    ratios: {
      toolsCallLegacy: toolsCallLegacy?.median,
      toolsCallModern: toolsCallModern?.median,
      translated: translated?.median,
      sdkBuilt: sdkBuilt?.median,
      lists: lists?.median,
    },
    figures,
  };
}

function rowReport(run: Measured): RowReport {
  const { name, about } = run.row;
  const spread = (member: keyof Sample) => spreadOf(run.taken.map(({ sample }) => sample[member]));
  return {
    name,
    about,
    connections: run.connections,
    cpuMicros: spread('cpuMicros'),
    cpuAgainstBare: cpuAgainstBare(run),
    callsPerSecond: spread('callsPerSecond'),
    p50Ms: spread('p50Ms'),
    p99Ms: spread('p99Ms'),
    upstreamRequestsPerCall: spread('upstreamRequestsPerCall'),
  };
}
