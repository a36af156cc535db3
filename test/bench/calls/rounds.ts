import type { Generator } from './load.js';
import { Measurement, type Sample } from './measure.js';
import type { Options, Run } from './options.js';
import type { Scene } from './scene.js';

/** Long enough for the code to be compiled. */
const WARM_UP_SECONDS = 1;

/** What one run took in each round, in their order. */
export interface Measured extends Run {
  readonly samples: readonly Sample[];
}

/**
 * All runs side by side: each one once in every round, in an order that moves on from round to round, so that what the
 * machine does meanwhile meets all of them. The first round only warms up.
 */
export async function measureRounds(
  { runs, rounds, seconds }: Options,
  scene: Scene,
  generator: Generator,
  tell: (line: string) => void,
): Promise<Measured[]> {
  const measured = await Promise.all(
    runs.map(async (run) => {
      const samples: Sample[] = [];
      return { ...run, samples, measurement: await Measurement.prepare(run.row, scene) };
    }),
  );
  const warmUpSeconds = Math.max(seconds, WARM_UP_SECONDS);
  for (let round = 0; round <= rounds; round++) {
    tell(round === 0 ? 'warming up' : `round ${round} of ${rounds}`);
    const first = (round * 5) % measured.length;
    for (const { measurement, connections, samples } of [...measured.slice(first), ...measured.slice(0, first)]) {
      const sample = await measurement.take(generator, connections, round === 0 ? warmUpSeconds : seconds);
      if (round > 0) samples.push(sample);
    }
  }
  return measured.map(({ row, connections, samples }) => ({ row, connections, samples }));
}
