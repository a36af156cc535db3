import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { ROOT } from '../support/processes.js';
import { RATIO_NAMES, type Ratios, readRecorded, worsened } from './recorded.js';

const ROUNDS = [6, 12, 18];
const LIMIT_MS = 400_000;

/** `npm run bench -- --quick --json`, in a process of its own. */
async function measure(rounds: number): Promise<Ratios> {
  const options = ['scripts/bench.mjs', 'calls', '--quick', '--json', '--rounds', String(rounds)];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: ROOT });
  const { ratios }: { ratios: Ratios } = JSON.parse(stdout);
  return ratios;
}

function better(one: Ratios, other: Ratios): Ratios {
  const best = { ...one };
  for (const name of RATIO_NAMES) best[name] = Math.min(one[name], other[name]);
  return best;
}

describe('a call', () => {
  it(
    'costs at most a quarter more than recorded, against the bare relay; a ratio above is measured again, up to three times, and its best counts',
    async () => {
      verifies('bench.guarded');
      const { ratios: recorded } = await readRecorded();
      let [best, worse]: [Ratios | undefined, string[]] = [undefined, []];
      for (const rounds of ROUNDS) {
        const ratios = await measure(rounds);
        best = best ? better(best, ratios) : ratios;
        worse = worsened(best, recorded);
        if (worse.length === 0) return;
      }
      expect(worse, `${JSON.stringify(best)}, recorded ${JSON.stringify(recorded)}`).toEqual([]);
    },
    LIMIT_MS,
  );

  it('that became dearer is named, and so is one that was not measured', () => {
    const recorded = { toolsCallLegacy: 1.5, toolsCallModern: 1.5, translated: 2, sdkBuilt: 12, lists: 1 };
    expect(worsened({ ...recorded, toolsCallLegacy: 1.87, sdkBuilt: 20 }, recorded)).toEqual([]);
    expect(worsened({ ...recorded, toolsCallLegacy: 1.88, translated: NaN }, recorded)).toEqual([
      'toolsCallLegacy',
      'translated',
    ]);
  });
});
