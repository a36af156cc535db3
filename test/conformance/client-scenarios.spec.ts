import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { LEGACY_PARTS, MODERN_PARTS } from './client-parts.js';
import { failuresOf } from './harness.js';
import { playClient } from './harness-upstream.js';
import { openServer } from './lethe.js';
import { scoredScenarios } from './requirement-sets.js';

/** Signing in at an upstream is the client's own affair: Lethe forwards what it got, and gets nothing itself. */
const isSignIn = (scenario: string): boolean => scenario.startsWith('auth/');

// What reaches the harness is what Lethe sends: its handshake, and what it relays of an SDK client's requests.
describe.each([
  ['2025-11-25', LEGACY_PARTS],
  ['2026-07-28', MODERN_PARTS],
] as const)('client scenarios through Lethe, %s', (revision, parts) => {
  let lethe: Embedded;

  beforeAll(async () => {
    lethe = await startEmbedded();
  });
  afterAll(() => lethe?.stop());

  it.each(Object.entries(parts))('passes %s', async (scenario, part) => {
    const run = await playClient(scenario, revision, async (scene) =>
      part(await openServer(lethe, [{ url: scene.url }]), scene),
    );
    const failures = failuresOf(run, scenario);
    expect(failures, failures).toBe('');
  });

  it('leaves out none that is scored, but for signing in at the upstream', () => {
    const left = scoredScenarios(revision, 'client').filter((scenario) => !isSignIn(scenario) && !(scenario in parts));
    expect(left).toEqual([]);
  });
});
