import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failuresOf, hasFailed, type HarnessRun, runServerSuite } from './harness.js';
import { type Revision, scoredScenarios } from './requirement-sets.js';
import type { Untranslatable } from './untranslatable.js';

/** An endpoint under test. */
export interface Endpoint {
  url: string;
  close(): Promise<void>;
}

/** Runs the official suite once against an endpoint; every scored scenario is one test. */
export function describeSuite(
  title: string,
  revision: Revision,
  start: () => Promise<Endpoint>,
  untranslatable: Untranslatable = {},
): void {
  describe(`${title}, suite ${revision}`, () => {
    let endpoint: Endpoint;
    let run: HarnessRun;

    beforeAll(async () => {
      endpoint = await start();
      run = await runServerSuite(endpoint.url, revision);
    });
    afterAll(() => endpoint?.close());

    it.each(scoredScenarios(revision, 'server'))('passes %s', (scenario) => {
      const failures = failuresOf(run, scenario, Object.keys(untranslatable[scenario] ?? {}));
      expect(failures, failures).toBe('');
    });

    const listed = Object.entries(untranslatable).flatMap(([scenario, checks]) =>
      Object.entries(checks).map(([check, why]) => [scenario, check, why] as const),
    );
    for (const [scenario, check, why] of listed) {
      it(`cannot pass ${check} of ${scenario}: ${why}`, () => {
        expect(hasFailed(run, scenario, check), 'it passes: take it off the list').toBe(true);
      });
    }

    it.runIf(listed.length === 0)('is found conforming', () => expect(run.exitCode).toBe(0));
  });
}

export async function closeAll(endpoints: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(endpoints.map((endpoint) => endpoint.close()));
}
