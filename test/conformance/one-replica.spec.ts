import { afterAll, beforeAll } from 'vitest';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import type { Upstream } from '../support/upstreams/index.js';
import { closeAll, describeSuite, type Endpoint } from './describe-suite.js';
import { openServer } from './lethe.js';
import { untranslatable } from './untranslatable.js';
import { startConformanceUpstream, startSecondUpstream } from './upstream/conformance-upstream.js';

let lethe: Embedded;

beforeAll(async () => {
  lethe = await startEmbedded();
});
afterAll(() => lethe?.stop());

async function through(...starting: Promise<Upstream>[]): Promise<Endpoint> {
  const upstreams = await Promise.all(starting);
  return {
    url: await openServer(lethe, upstreams),
    close: () => closeAll(upstreams),
  };
}

// Each upstream speaks the one era that the suite is about, or both.
const ERA_OF = { '2025-11-25': 'legacy', '2026-07-28': 'modern' } as const;

for (const revision of ['2025-11-25', '2026-07-28'] as const) {
  const era = ERA_OF[revision];
  describeSuite('one upstream', revision, () => through(startConformanceUpstream(era)));
  describeSuite('an upstream of both eras', revision, () => through(startConformanceUpstream('both')));
  describeSuite('two upstreams', revision, () => through(startConformanceUpstream(era), startSecondUpstream(era)));
}

describeSuite(
  'a modern upstream',
  '2025-11-25',
  () => through(startConformanceUpstream('modern')),
  untranslatable('2025-11-25'),
);
describeSuite(
  'a legacy upstream',
  '2026-07-28',
  () => through(startConformanceUpstream('legacy')),
  untranslatable('2026-07-28'),
);
