import { afterAll, beforeAll } from 'vitest';
import { servedBy } from '../support/calls.js';
import { draftGateway } from '../support/draft-gateway.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { closeAll, describeSuite, type Endpoint } from './describe-suite.js';
import { startConformanceUpstream, startSecondUpstream } from './upstream/conformance-upstream.js';

let proxies: Proxies;

beforeAll(async () => {
  proxies = await startProxies(2);
});
afterAll(() => proxies?.close());

/** Two upstreams behind two replicas; every request goes to the other replica than the last. */
async function alternating(era: 'legacy' | 'modern'): Promise<Endpoint> {
  const upstreams = await Promise.all([startConformanceUpstream(era), startSecondUpstream(era)]);
  const gateways = await Promise.all(upstreams.map(({ url }, n) => draftGateway(`${era}-${n}`, url, era)));
  await proxies.routes.publish({ slug: era, gateways });
  await Promise.all(proxies.replicas.map(({ url }) => servedBy(url, era)));
  return {
    url: `${proxies.url}/servers/${era}/mcp`,
    close: () => closeAll(upstreams),
  };
}

describeSuite('two replicas, turn by turn', '2025-11-25', () => alternating('legacy'));
describeSuite('two replicas, turn by turn', '2026-07-28', () => alternating('modern'));
