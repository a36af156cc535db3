import { afterAll, beforeAll } from 'vitest';
import { servedBy } from '../support/calls.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { verifiedGateway } from '../support/verified-gateway.js';
import { closeAll, describeSuite, type Endpoint } from './describe-suite.js';
import { startConformanceUpstream, startSecondUpstream } from './upstream/conformance-upstream.js';
import type { Eras } from './upstream/era-switched-upstream.js';

let proxies: Proxies;

beforeAll(async () => {
  proxies = await startProxies(2);
});
afterAll(() => proxies?.close());

/** Two upstreams behind two replicas; every request goes to the other replica than the last. */
async function alternating(slug: string, eras: Eras): Promise<Endpoint> {
  const upstreams = await Promise.all([startConformanceUpstream(eras), startSecondUpstream(eras)]);
  const gateways = await Promise.all(upstreams.map(({ url }, n) => verifiedGateway(`${slug}-${n}`, url)));
  await proxies.routes.publish({ slug, gateways });
  await Promise.all(proxies.replicas.map(({ url }) => servedBy(url, slug)));
  return {
    url: `${proxies.url}/servers/${slug}/mcp`,
    close: () => closeAll(upstreams),
  };
}

describeSuite('two replicas, turn by turn', '2025-11-25', () => alternating('legacy', 'legacy'));
describeSuite('two replicas, turn by turn', '2026-07-28', () => alternating('modern', 'modern'));
for (const revision of ['2025-11-25', '2026-07-28'] as const) {
  describeSuite('two replicas, upstreams of both eras', revision, () => alternating(`both-${revision}`, 'both'));
}
