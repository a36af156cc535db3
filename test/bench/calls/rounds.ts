import type { Generator } from './load.js';
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

/** Long enough for the code to be compiled. */
const WARM_UP_SECONDS = 1;

/**
 * All runs side by side: each one once in every round, in an order that moves on from round to round, and the bare relay
 * between them, so that what else the machine does meets both sides of a comparison. The first round only warms up.
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
  const warmUpSeconds = Math.max(seconds, WARM_UP_SECONDS);
  for (const { measurement, connections } of prepared) await measurement.take(generator, connections, warmUpSeconds);
  for (let round = 1; round <= rounds; round++) {
    tell(`round ${round} of ${rounds}`);
    // Many connections take long to open.
    await takeRound(rotated(prepared, round * 5), ({ measurement, connections }) => {
      return measurement.take(generator, connections, connections > CONNECTIONS ? 3 * seconds : seconds);
    });
  }
  return prepared.map(({ row, connections, taken }) => ({ row, connections, taken }));
}

async function takeRound(order: readonly Prepared[], take: (run: Prepared) => Promise<Sample>): Promise<void> {
  const bare = order.find(isYardstick);
  const others = order.filter((run) => run !== bare);
  const isCompared = (run: Prepared | undefined) => run?.connections === CONNECTIONS;
  let before = bare && (await take(bare));
  for (const [n, run] of others.entries()) {
    const sample = await take(run);
    const after = bare && (isCompared(run) || isCompared(others[n + 1])) ? await take(bare) : undefined;
    for (const each of after ? [after] : []) bare?.taken.push({ sample: each, yardstick: undefined });
    run.taken.push({ sample, yardstick: isCompared(run) && before && after ? meanOf(before, after) : undefined });
    before = after;
  }
  if (others.length === 0 && before) bare?.taken.push({ sample: before, yardstick: undefined });
}

function isYardstick({ row, connections }: Run): boolean {
  return row.name === YARDSTICK && connections === CONNECTIONS;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const first = by % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
