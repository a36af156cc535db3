import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { lineOf } from '../support/faults/fault.js';
import { allDown, PROCESS_FAULTS } from '../support/faults/process-faults.js';
import { SeededRandom } from '../support/faults/random.js';
import { runFaults } from '../support/faults/run-faults.js';
import { realPartsAvailable } from '../support/real-parts.js';

const SEED = Number(process.env['FAULTS_SEED'] ?? 14);
const BY_CHANCE = 3;
/** Parts that start again need the processor too. */
const PACE_MS = 5;

/** A short part of `npm run lab:faults`. */
describe.runIf(realPartsAvailable())('a deployment whose parts fail', () => {
  it('answers every call of every caller, loses nothing that was accepted, and works as before soon after', async () => {
    verifies('faults.nothing-lost');
    const wiped = PROCESS_FAULTS.filter(({ name }) => name.includes('lose'));
    const others = PROCESS_FAULTS.filter((fault) => !wiped.includes(fault));
    const faults = [allDown(2_000), ...wiped, ...new SeededRandom(SEED).shuffled(others).slice(0, BY_CHANCE)];
    const world = { nats: 3, registries: 2, connectors: 1, proxies: 2, env: { LETHE_SLOTS: '2' } };
    const { results, violations } = await runFaults({
      world,
      callers: 4,
      paceMs: PACE_MS,
      seed: SEED,
      holdMs: 1_000,
      faults,
    });
    expect(violations.toString(), results.map(lineOf).join('\n')).toBe('');
  }, 240_000);
});
