import fc from 'fast-check';
import { tool } from '../registry/fake-connector.js';
import type { RegistryHarness } from '../registry/registry-harness.js';
import type { KnownValues } from './valid-values.js';

/** How many things of each kind there are that requests may delete. */
const TO_DELETE = 8;

interface Made {
  id: string;
  slug: string;
}

/**
 * Fills a registry with some of each: verified and unverified gateways, results that wait for a review, a verification that
 * waits for its credential, virtual servers, keys; and names them for requests.
 */
export async function filledRegistry(harness: RegistryHarness): Promise<KnownValues> {
  const { admin } = harness;
  const verified = await harness.gateway();
  await harness.verified(verified.id, [tool('a'), tool('b')]);
  const [reviewed, waiting] = await reviews(harness);
  const unverified = await harness.gateway();
  const opened = await admin.startVerification(unverified.id);
  const gateways = [verified, unverified, ...reviewed];
  const include = [verified, ...reviewed].map(({ slug: gateway }) => ({ gateway }));
  const server = await admin.ask<Made>('POST', '/servers', { name: 'one', include });
  const key = await admin.ask<Made>('POST', '/keys', { name: 'a', servers: [server.slug] });
  const other = await admin.ask<Made>('POST', '/admins', { name: 'other', role: 'editor' });
  const slugs = fc.constantFrom(...gateways.map(({ slug }) => slug));
  const url = fc.integer({ min: 1, max: 40 }).map((n) => `http://127.0.0.1:9/${n}/mcp`);
  return {
    url,
    jwksUri: url,
    gateway: slugs,
    header: fc.constantFrom('Authorization', 'X-Api-Key'),
    shortForm: fc.constantFrom({}, { Authorization: verified.slug }),
    gateways: fc.constant([verified.slug]),
    include: fc.constantFrom<unknown>(
      [],
      [{ gateway: verified.slug }],
      [{ gatewayTags: ['a'], tags: ['b'], annotations: {} }],
    ),
    server: fc.constant(server.slug),
    servers: fc.constantFrom<unknown>('*', [server.id], [server.slug]),
    query: fc.constant('key'),
    'gateways ref': fc.oneof(slugs, fc.constantFrom(...gateways.map(({ id }) => id))),
    'servers ref': fc.constantFrom(server.slug, server.id),
    'gateways vid': fc.constantFrom(...waiting, opened.id),
    'gateways ref vid': fc.constantFrom(...reviewed.map(({ id: ref }, n) => ({ ref, vid: waiting[n] }))),
    'keys id': fc.constant(key.id),
    'admins id': fc.constant(other.id),
    code: fc.constantFrom('slug_taken', 'internal'),
    ...(await toDelete(harness)),
    prune: fc.constant('false'),
    limit: fc.integer({ min: 1, max: 3 }),
    cursor: fc
      .constantFrom<unknown[]>([0], ['createdAt', '2026-01-01T00:00:00.000Z', verified.id], [1, 'a', verified.id])
      .map((position) => Buffer.from(JSON.stringify(position)).toString('base64url')),
    'Idempotency-Key': fc.uuid(),
  };
}

async function reviews(harness: RegistryHarness): Promise<[Made[], string[]]> {
  const gateways: Made[] = [];
  const waiting: string[] = [];
  for (const name of ['c', 'd', 'e', 'f', 'g', 'h', 'i']) {
    const gateway = await harness.gateway({ drift: 'review' });
    await harness.verified(gateway.id, []);
    gateways.push(gateway);
    waiting.push((await harness.verified(gateway.id, [tool(name)])).id);
  }
  return [gateways, waiting];
}

async function toDelete({ admin }: RegistryHarness): Promise<KnownValues> {
  const make = async (path: string, body: object): Promise<fc.Arbitrary<string>> => {
    const ids: string[] = [];
    for (let n = 0; n < TO_DELETE; n += 1) ids.push((await admin.ask<Made>('POST', path, body)).id);
    return fc.constantFrom(...ids);
  };
  return {
    'deleted gateways ref': await make('/gateways', { name: 'to delete', url: 'http://127.0.0.1:9/mcp' }),
    'deleted servers ref': await make('/servers', { name: 'to delete' }),
    'deleted admins id': await make('/admins', { name: 'to delete', role: 'viewer' }),
    'deleted keys id': await make('/keys', { name: 'to delete', servers: '*' }),
  };
}
