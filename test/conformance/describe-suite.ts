import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HarnessRun, runServerSuite } from './harness.js';
import { type Revision, scoredScenarios } from './requirement-sets.js';

/** An endpoint under test. */
export interface Endpoint {
  url: string;
  close(): Promise<void>;
}

/** Scenarios that can't pass here, and why. */
export type Untranslatable = Readonly<Record<string, string>>;

/** Runs the official suite once against an endpoint; every scored scenario is one test. */
export function describeSuite(
  title: string,
  revision: Revision,
  start: () => Promise<Endpoint>,
  untranslatable: Untranslatable = {},
): void {
  describe(`${title}, suite ${revision}`, () => {
    const scored = scoredScenarios(revision, 'server');
    let endpoint: Endpoint;
    let run: HarnessRun;

    beforeAll(async () => {
      endpoint = await start();
      run = await runServerSuite(endpoint.url, revision);
    });
    afterAll(() => endpoint?.close());

    it.each(scored.filter((scenario) => !(scenario in untranslatable)))('passes %s', (scenario) => {
      const failures = failuresOf(run, scenario);
      expect(failures, failures).toBe('');
    });

    const listed = Object.entries(untranslatable);
    it.skipIf(listed.length === 0).each(listed)('cannot pass %s: %s', (scenario) => {
      expect(scored).toContain(scenario);
      expect(failuresOf(run, scenario), `${scenario} passes: take it off the list`).not.toBe('');
    });

    it.runIf(listed.length === 0)('is found conforming', () => expect(run.exitCode).toBe(0));
  });
}

/** Empty only when the scenario ran and no check of it failed. */
export function failuresOf({ checks }: HarnessRun, scenario: string): string {
  const own = checks.get(scenario);
  if (own === undefined || own.length === 0) return 'did not run';
  const failed = own.filter(({ status }) => status === 'FAILURE');
  return failed.map(({ id, errorMessage }) => `${id}: ${errorMessage ?? ''}`).join('\n');
}

export async function closeAll(endpoints: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));
}
