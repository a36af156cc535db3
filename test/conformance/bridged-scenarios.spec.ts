import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { bundleLethe } from '../support/bridge/bridge-process.js';
import { startEmbedded } from '../support/embedded.js';
import { startProxies } from '../support/proxies.js';
import { type BridgeWorld, playBridged } from './bridged-scene.js';
import { failuresOf, hasFailed, type HarnessRun } from './harness.js';
import { playClient } from './harness-upstream.js';
import { extensionScenarios, type Revision, scoredScenarios } from './requirement-sets.js';
import { Stopped } from './stopped.js';
import { unbridged } from './untranslatable.js';

const REVISIONS = ['2025-11-25', '2026-07-28'] as const;
/** How many scenes are played at the same time: in each, processes wait for another. */
const LANES = 3;

/** Extensions belong to no revision; they are played once. */
function authorizationScenarios(revision: Revision): string[] {
  const extensions = revision === '2026-07-28' ? extensionScenarios(revision, 'client') : [];
  return process.env.EXT
    ? extensions
    : [...scoredScenarios(revision, 'client'), ...extensions].filter((scenario) => scenario.startsWith('auth/'));
}

// The harness's server is the upstream of a gateway; Lethe is before it, and `lethe bridge` before Lethe.
describe('authorization scenarios of clients through Lethe and a bridge', () => {
  const runs = new Map<string, PromiseWithResolvers<HarnessRun>>();
  let world: BridgeWorld;

  beforeAll(async () => {
    const [lethe, proxies, program] = await Promise.all([
      startEmbedded({ LETHE_KEPT_CREDENTIALS: 'on' }),
      startProxies(1),
      bundleLethe(),
    ]);
    world = { lethe, proxies, program };
    const waiting = REVISIONS.flatMap((revision) => authorizationScenarios(revision).map((scenario) => ({ revision, scenario })));
    for (const { revision, scenario } of waiting) runs.set(`${revision} ${scenario}`, Promise.withResolvers());
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { revision, scenario } = next;
        const { resolve, reject } = runs.get(`${revision} ${scenario}`) ?? Promise.withResolvers<HarnessRun>();
        await play(revision, scenario).then(resolve, reject);
      }
    };
    for (const { promise } of runs.values()) promise.catch(() => undefined);
    for (let n = 0; n < LANES; n += 1) void lane();
  }); // prettier-ignore
  afterAll(async () => {
    await Promise.allSettled([...runs.values()].map(({ promise }) => promise));
    await Promise.all([world?.lethe.stop(), world?.proxies.close()]);
  });

  function play(revision: Revision, scenario: string): Promise<HarnessRun> {
    return playClient(scenario, revision, (scene) =>
      playBridged(world, scenario, revision, scene).catch((error: unknown) => {
        // The harness says whether it should have stopped.
        if (!(error instanceof Stopped)) throw error;
      }),
    );
  }

  describe.each(REVISIONS)('of %s', (revision) => {
    const runOf = async (scenario: string): Promise<HarnessRun> => {
      const run = await runs.get(`${revision} ${scenario}`)?.promise;
      if (!run) throw new Error('it was not played');
      return run;
    };

    it.each(authorizationScenarios(revision))('pass %s', async (scenario) => {
      verifies('bridge.conformance');
      const failures = failuresOf(await runOf(scenario), scenario, Object.keys(unbridged()[scenario] ?? {}));
      expect(failures, failures).toBe('');
    });

    const listed = Object.entries(unbridged()).filter(([scenario]) =>
      authorizationScenarios(revision).includes(scenario),
    );
    for (const [scenario, checks] of listed) {
      it.each(Object.entries(checks))(`can not pass %s of ${scenario}: %s`, async (check) => {
        expect(hasFailed(await runOf(scenario), scenario, check), 'it passes: take it off the list').toBe(true);
      });
    }
  });
});
