import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { LEGACY_PARTS, MODERN_PARTS } from './client-parts.js';
import type { Endpoint } from './describe-suite.js';
import { failuresOf } from './harness.js';
import { playClient } from './harness-upstream.js';
import { openServer } from './lethe.js';
import { startModernFront } from './modern-front.js';
import { scoredScenarios } from './requirement-sets.js';

/** The harness's server as an upstream. */
async function direct(url: string): Promise<Endpoint> {
  return { url, close: () => Promise.resolve() };
}

/** The same, but for the one visit in the legacy era: the verification's, which no relayed request repeats. */
async function modernAlone(server: string): Promise<Endpoint> {
  const front = await startModernFront(server);
  const close = async (): Promise<void> => {
    await front.close();
    expect(front.initialized()).toBe(1);
  };
  return { url: front.url, close };
}

/** Signing in at an upstream is the client's own affair: Lethe forwards what it got, and gets nothing itself. */
const isSignIn = (scenario: string): boolean => scenario.startsWith('auth/');

// What reaches the harness is what Lethe sends: its handshake, and what it relays of an SDK client's requests.
describe.each([
  ['2025-11-25', LEGACY_PARTS, direct],
  ['2026-07-28', MODERN_PARTS, modernAlone],
] as const)('client scenarios through Lethe, %s', (revision, parts, open) => {
  let lethe: Embedded;

  beforeAll(async () => {
    lethe = await startEmbedded();
  });
  afterAll(() => lethe?.stop());

  it.each(Object.entries(parts))('passes %s', async (scenario, part) => {
    const run = await playClient(scenario, revision, async (scene) => {
      const upstream = await open(scene.url);
      await part(await openServer(lethe, [upstream]), scene);
      await upstream.close();
    });
    const failures = failuresOf(run, scenario);
    expect(failures, failures).toBe('');
  });

  it('leaves out none that is scored, but for signing in at the upstream', () => {
    const left = scoredScenarios(revision, 'client').filter((scenario) => !isSignIn(scenario) && !(scenario in parts));
    expect(left).toEqual([]);
  });
});
