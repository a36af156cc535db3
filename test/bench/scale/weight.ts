import { readRecorded, TOLERANCE, WEIGHT_NAMES } from '../recorded.js';
import { rounded } from '../spread.js';
import { readOptions } from '../weigh/options.js';
import { canReadMemory } from '../weigh/process-memory.js';
import { reportOf, unitOf } from '../weigh/report.js';
import { weighRounds } from '../weigh/rounds.js';
import type { Measure } from './report.js';

const PART = 'weight';

/**
 * Memory and starts of all services in one process and of a proxy alone, as `npm run bench -- --weigh --ratios` measures them;
 * beside them, against a bare Node.js process or the bare relay, what is recorded.
 */
export async function measureWeight(isQuick: boolean): Promise<Measure[]> {
  const options = readOptions(['--ratios', '--rounds', isQuick ? '1' : '3']);
  const { figures, weights } = reportOf(await weighRounds(options, () => undefined), canReadMemory());
  const recorded = (await readRecorded()).weigh.weights;
  const rows = figures.map(({ name, now }): Measure => ({ part: PART, name, value: now.median, unit: unitOf(name) }));
  const ratios = WEIGHT_NAMES.flatMap((name): Measure[] => {
    const [value, before] = [weights[name], recorded[name]];
    if (value === undefined) return [];
    const compared = { part: PART, name: `${name}, against bare`, value, unit: 'x' };
    if (before === undefined) return [compared];
    return [{ ...compared, name: `${compared.name}; recorded ${before} x`, most: rounded(before * (1 + TOLERANCE)) }];
  });
  return [...rows, ...ratios];
}
