import fc from 'fast-check';
import { tool } from '../registry/fake-connector.js';
import type { RegistryHarness } from '../registry/registry-harness.js';
import type { KnownValues } from './valid-values.js';

/**
 * Fills a registry with one of each: verified and unverified gateways, a result that waits for a review, a verification that
 * waits for its credential, virtual servers, keys; and names them for requests.
 */
export async function filledRegistry(harness: RegistryHarness): Promise<KnownValues> {
  const { admin } = harness;
  const verified = await harness.gateway();
  await harness.verified(verified.id, [tool('a'), tool('b')]);
  const reviewed = await harness.gateway({ drift: 'review' });
  await harness.verified(reviewed.id, [tool('c')]);
  const waiting = await harness.verified(reviewed.id, [tool('d')]);
  const unverified = await harness.gateway();
  const opened = await admin.startVerification(unverified.id);
  const include = [{ gateway: verified.slug }, { gateway: reviewed.slug }];
  const server = await admin.ask<{ id: string; slug: string }>('POST', '/servers', { name: 'one', include });
  const key = await admin.ask<{ id: string }>('POST', '/keys', { name: 'a', servers: [server.slug] });
  const gateways = fc.constantFrom(verified.slug, reviewed.id, unverified.slug);
  const url = fc.integer({ min: 1, max: 40 }).map((n) => `http://127.0.0.1:9/${n}/mcp`);
  const keys = fc.oneof(fc.constant('*'), fc.constant([server.id]), fc.constant([server.slug]));
  return {
    url,
    jwksUri: url,
    gateway: gateways,
    header: fc.constantFrom('Authorization', 'X-Api-Key'),
    shortForm: gateways.map((gateway) => ({ Authorization: gateway })),
    servers: keys,
    to: fc.constant({ query: 'key' }),
    'path ref': fc.constantFrom(verified.slug, reviewed.id, unverified.id, server.slug, server.id),
    'path vid': fc.constantFrom(waiting.id, opened.id),
    'path id': fc.constantFrom(key.id, '0123456789abcdef'),
    'path code': fc.constantFrom('slug_taken', 'internal'),
    'query limit': fc.integer({ min: 1, max: 3 }),
    'header Idempotency-Key': fc.constantFrom('one', 'two', 'three').map((n) => `key-${n}-${Math.random()}`),
  };
}
