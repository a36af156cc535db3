import { randomUUID } from 'node:crypto';
import type { Credential, KeptEntry, ManifestGateway, ServerManifest } from '@lethe/contracts';
import { sealKept, targetDigest } from '@lethe/sealing';
import { testTrust } from '@test/support/trust.js';
import { verifies } from '@test/requirements.js';
import { describe, expect, it, vi } from 'vitest';
import { KeptGateways } from './kept-gateways.js';

const trust = testTrust();
const { kid, jwk } = trust.keptIdentity()!;
const MAPPINGS = [{ header: 'Authorization' }];
const BEARER: Credential = { scheme: 'bearer', token: 'a-service-key' };

// Only what kept credentials look at.
const gatewayOf = (more: Partial<ManifestGateway> = {}): ManifestGateway =>
  ({ id: randomUUID(), slug: 'up', url: 'https://a.example/mcp', mappings: MAPPINGS, configRevision: 1, credential: 'kept', ...more }) as ManifestGateway; // prettier-ignore
const manifestOf = (gateways: ManifestGateway[], more: Partial<ServerManifest> = {}): ServerManifest =>
  ({ access: 'key', grants: [], gateways, credentials: { up: 'kept' }, ...more }) as ServerManifest;

async function entryFor(gateway: ManifestGateway, keptRevision = 1, credential = BEARER): Promise<KeptEntry> {
  const { id: gatewayId, url, mappings, configRevision } = gateway;
  const target = { gatewayId, url, digest: targetDigest({ mappings }), configRevision };
  const sealed = await sealKept({ ...target, keptRevision, kid, jwk, exp: 0 }, credential, { now: new Date() });
  return { gatewayId, keptRevision, sealed, revision: keptRevision };
}

const headersOf = (kept: KeptGateways, gateway: ManifestGateway, now = Date.now()): unknown =>
  kept.useIn(manifestOf([gateway]), gateway)?.held?.parts(now)?.headers[0]?.[1];

describe('kept credentials of gateways', () => {
  it('are open once manifest and entry are there, in either order, and only for what uses them', async () => {
    const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
    const [first, second] = [gatewayOf(), gatewayOf()];
    await kept.take(await entryFor(first));
    await kept.prepare(manifestOf([first]));
    await kept.prepare(manifestOf([second]));
    await kept.take(await entryFor(second));
    expect([headersOf(kept, first), headersOf(kept, second)]).toEqual(['Bearer a-service-key', 'Bearer a-service-key']);
    for (const more of [{ access: 'open' }, { grants: undefined }, { credentials: {} }] as Partial<ServerManifest>[]) {
      expect(kept.useIn(manifestOf([first], more), first)?.held).toBeUndefined();
      const callers = { credentials: { up: 'callers-then-kept' }, ...more } as Partial<ServerManifest>;
      expect(kept.useIn(manifestOf([first], callers), first)).toBeUndefined();
    }
    const { credential: _kept, ...once } = first;
    // Callers' own are refused as before: nothing else is said to be kept in its place.
    expect(kept.useIn(manifestOf([once]), once)).toMatchObject({ use: 'kept', held: undefined });
  });

  it('end by themselves, and with the configuration that they were sealed for', async () => {
    const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
    const gateway = gatewayOf();
    await kept.prepare(manifestOf([gateway]));
    await kept.take(await entryFor(gateway));
    const { held } = kept.useIn(manifestOf([gateway]), gateway)!;
    const changed = { ...gateway, configRevision: 2, url: 'https://b.example/mcp' };
    await kept.prepare(manifestOf([changed]));
    expect([held?.parts(Date.now()), headersOf(kept, changed), headersOf(kept, gateway)]).toEqual([undefined, undefined, undefined]); // prettier-ignore
    await kept.take(await entryFor(changed, 2));
    expect(headersOf(kept, changed, Date.now() + 29 * 86_400_000)).toBeDefined();
    expect(headersOf(kept, changed, Date.now() + 31 * 86_400_000)).toBeUndefined();
    expect(headersOf(kept, changed)).toBeUndefined();
  });

  it('are dropped at their end without any call, which is told once', async () => {
    verifies('kept.ends');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
      const told: string[] = [];
      kept.refusals.listen((_id, why) => told.push(why));
      const [gateway, replaced] = [gatewayOf(), gatewayOf()];
      await kept.prepare(manifestOf([gateway, { ...replaced, slug: 'up' }]));
      await kept.take(await entryFor(gateway));
      await kept.take(await entryFor(replaced));
      vi.advanceTimersByTime(20 * 86_400_000);
      await kept.take(await entryFor(replaced, 2));
      vi.advanceTimersByTime(10 * 86_400_000 - 2_000);
      expect(told).toEqual([]);
      vi.advanceTimersByTime(3_000);
      expect(told).toEqual(['envelope_expired']);
      // As if the clock was set back.
      expect(headersOf(kept, gateway, 0)).toBeUndefined();
      expect(headersOf(kept, replaced)).toBeDefined();
      expect(told).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });

  it('are told of if they can not be used, also before anybody listens', async () => {
    const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
    const beside = { parameters: [{ name: 'key', value: 'v' }] };
    const client = { tokenUrl: 'https://a.example/token', clientId: 'c', clientSecret: 's' };
    const oauth: Credential = { scheme: 'oauth_client_credentials', ...client, ...beside };
    const query: Credential = { scheme: 'query', ...beside };
    const url = 'https://a.example/mcp?key=1';
    const gateways = [gatewayOf({ url }), gatewayOf({ url }), gatewayOf()];
    const [first, second, third] = gateways as [ManifestGateway, ManifestGateway, ManifestGateway];
    const told: string[] = [];
    for (const gateway of gateways) await kept.prepare(manifestOf([gateway]));
    await kept.take(await entryFor(first, 1, oauth));
    kept.refusals.listen((_id, why) => told.push(why));
    await kept.take(await entryFor(second, 1, query));
    await kept.take({ ...(await entryFor(third)), sealed: (await entryFor(second)).sealed });
    expect(told).toEqual(['kept_query_taken', 'kept_query_taken', 'kept_unbound']);
    const without = new KeptGateways(undefined, { allowed: [] });
    without.refusals.listen((_id, why) => told.push(why));
    await without.prepare(manifestOf([first]));
    await without.take(await entryFor(first));
    expect(told.at(-1)).toBe('kept_key_unknown');
  });

  it('are replaced by the newest, whichever is opened first', async () => {
    const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
    const gateway = gatewayOf();
    await kept.prepare(manifestOf([gateway]));
    const [one, two] = [await entryFor(gateway, 1), await entryFor(gateway, 2, { scheme: 'bearer', token: 'second' })];
    await Promise.all([kept.take(one), kept.take(two)]);
    expect(headersOf(kept, gateway)).toBe('Bearer second');
    await Promise.all([kept.take(one), kept.take({ ...two, keptRevision: 3, sealed: null })]);
    expect(headersOf(kept, gateway)).toBeUndefined();
  });

  it('are opened in less than a second if there are a thousand', async () => {
    const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
    const gateways = Array.from({ length: 1_000 }, () => gatewayOf());
    for (const entry of await Promise.all(gateways.map((gateway) => entryFor(gateway)))) await kept.take(entry);
    const before = process.cpuUsage();
    await kept.prepare(manifestOf(gateways));
    const { user, system } = process.cpuUsage(before);
    // Of processor time, which other processes on the machine do not lengthen.
    expect((user + system) / 1e6).toBeLessThan(1);
    expect(gateways.every((gateway) => headersOf(kept, gateway) !== undefined)).toBe(true);
  });
});
