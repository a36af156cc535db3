import type { Generator } from '../load/load.js';
import { meanOf, Measurement, type Sample } from './measure.js';
import { CONNECTIONS, type Options, type Run, YARDSTICK } from './options.js';
import type { Scene } from './scene.js';

/** What a run took in one round. */
export interface Taken {
  readonly sample: Sample;
  /** What the bare relay took right before and right after; undefined where it is not compared. */
  readonly yardstick: Sample | undefined;
}

/** What one run took in each round, in their order. */
export interface Measured extends Run {
  readonly taken: readonly Taken[];
}

interface Prepared extends Run {
  readonly measurement: Measurement;
  readonly taken: Taken[];
}

/** Long enough for the code to be compiled, which takes some ten thousand calls: the first minute of a service is not measured. */
const WARM_UP_SECONDS = 5;
/** Many connections take long to open, and to be answered once each: longer looks, in some of the rounds. */
const MANY_SECONDS = 3;
const MANY_EVERY = 3;

/**
 * All runs side by side: each one once in every round, in an order that moves on from round to round, and the bare relay
 * between them, so that what else the machine does meets both sides of a comparison. Before them, each is warmed up.
 */
export async function measureRounds(
  { runs, rounds, seconds }: Options,
  scene: Scene,
  generator: Generator,
  tell: (line: string) => void,
): Promise<Measured[]> {
  const prepared = await Promise.all(
    runs.map(async (run): Promise<Prepared> => {
      return { ...run, taken: [], measurement: await Measurement.prepare(run.row, scene) };
    }),
  );
  tell('warming up');
  const usual = prepared.filter(({ connections }) => connections === CONNECTIONS);
  const warmUpSeconds = Math.max(seconds, WARM_UP_SECONDS);
  for (const { measurement, connections } of usual) await measurement.take(generator, connections, warmUpSeconds);
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`);
    const due = prepared.filter((run) => !isMany(run) || round % MANY_EVERY === 1);
    await takeRound(rotated(due, round * 5), (run) => {
      const lasting = isMany(run) ? Math.max(seconds, MANY_SECONDS) : seconds;
      return run.measurement.take(generator, run.connections, lasting);
    });
  }
  return prepared.map(({ row, connections, taken }) => ({ row, connections, taken }));
}

async function takeRound(order: readonly Prepared[], take: (run: Prepared) => Promise<Sample>): Promise<void> {
  const bare = order.find(isYardstick);
  const others = order.filter((run) => run !== bare);
  const takeBare = async (): Promise<Sample | undefined> => {
    const sample = bare && (await take(bare));
    if (sample) bare.taken.push({ sample, yardstick: undefined });
    return sample;
  };
  let before = await takeBare();
  for (const [n, run] of others.entries()) {
    const sample = await take(run);
    const after = isCompared(run) || isCompared(others[n + 1]) ? await takeBare() : undefined;
    run.taken.push({ sample, yardstick: isCompared(run) && before && after ? meanOf(before, after) : undefined });
    before = after;
  }
}

function isCompared(run: Run | undefined): boolean {
  return run?.connections === CONNECTIONS;
}

function isMany({ connections }: Run): boolean {
  return connections > CONNECTIONS;
}

function isYardstick({ row, connections }: Run): boolean {
  return row.name === YARDSTICK && connections === CONNECTIONS;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
