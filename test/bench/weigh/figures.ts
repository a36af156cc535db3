import type { WeightName } from '../recorded.js';
import { type Spread, spreadOf } from '../spread.js';
import type { Memory } from './rollup.js';

/** What one look found: a value by the name of its figure. */
export type Sample = Readonly<Record<string, number>>;

/** One round: what the builds are compared with, and what each build weighs. */
export interface Round {
  readonly yardstick: Sample;
  readonly now: Sample;
  readonly before?: Sample;
}

/** One figure over all rounds. */
export interface FigureReport {
  readonly name: string;
  readonly now: Spread;
  readonly before?: Spread;
  /** Round by round. */
  readonly againstBefore?: Spread;
}

/** Kinds of memory that are told of a whole. */
export const MEMORY_KINDS = ['resident', 'proportional', 'private', 'alone'] as const satisfies (keyof Memory)[];

/** Memory as figures `<of>.<kind>`. */
export function memorySample(of: string, memory: Memory): Sample {
  return Object.fromEntries(MEMORY_KINDS.map((kind) => [`${of}.${kind}`, memory[kind]]));
}

interface Ratio {
  readonly of: string;
  readonly to: string;
}

/**
 * What the guard knows. Starts are compared by their CPU time, which is the same on a busy machine. A figure against that of a bare Node.js process, or of the bare relay, in the same round.
 */
export const WEIGHT_RATIOS = {
  embeddedFirstStart: { of: 'embedded.firstReadyCpuS', to: 'node.readyCpuS' },
  embeddedLaterStart: { of: 'embedded.laterReadyCpuS', to: 'node.readyCpuS' },
  embeddedIdle: { of: 'embedded.alone', to: 'node.alone' },
  slotPrivate: { of: 'slot.private', to: 'node.private' },
  proxyStart: { of: 'proxy.firstReadyCpuS', to: 'node.readyCpuS' },
  proxyIdle: { of: 'proxy.alone', to: 'node.alone' },
  proxyLoaded: { of: 'load.proxy.loaded', to: 'load.bare.loaded' },
  embeddedLoaded: { of: 'load.embedded.loaded', to: 'load.bare.loaded' },
} as const satisfies Record<WeightName, Ratio>;
export type WeightSpreads = Readonly<Partial<Record<WeightName, Spread>>>;

/** Every figure that this build or the yardstick has, in the order in which they were found. */
export function figureReports(rounds: readonly Round[]): FigureReport[] {
  const names = new Set(rounds.flatMap(({ yardstick, now }) => [...Object.keys(yardstick), ...Object.keys(now)]));
  return [...names].map((name): FigureReport => {
    const now = rounds.flatMap((round) => valueIn([round.yardstick, round.now], name));
    const before = rounds.flatMap((round) => valueIn([round.before], name));
    if (before.length === 0) return { name, now: spreadOf(now) };
    const against = rounds.flatMap((round) => quotient(valueIn([round.now], name), valueIn([round.before], name)));
    return { name, now: spreadOf(now), before: spreadOf(before), againstBefore: spreadOf(against) };
  });
}

/** Round by round, against the yardstick of the same one; what was not measured is left out. */
export function weightsOf(rounds: readonly Round[], build: 'now' | 'before' = 'now'): WeightSpreads {
  return Object.fromEntries(
    Object.entries(WEIGHT_RATIOS).flatMap(([name, { of, to }]) => {
      const found = rounds.flatMap((round) => quotient(valueIn([round[build]], of), valueIn([round.yardstick], to)));
      return found.length === 0 ? [] : [[name, spreadOf(found)]];
    }),
  );
}

function valueIn(samples: readonly (Sample | undefined)[], name: string): number[] {
  return samples.flatMap((sample) => sample?.[name] ?? []).slice(0, 1);
}

function quotient([of]: readonly number[], [to]: readonly number[]): number[] {
  return of === undefined || to === undefined ? [] : [of / to];
}
