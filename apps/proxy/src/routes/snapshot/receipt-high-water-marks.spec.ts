import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS, type ServerManifest } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayDraft, PublishedRoutes, tool } from '@test/support/published-routes.js';
import { testTrust } from '@test/support/trust.js';
import { ManifestVerifier } from './manifest-verifier.js';
import { RouteTable } from './route-table.js';
import { RouteFile } from './route-file.js';

const before = new Date('2030-01-01T10:00:00Z');
const after = new Date('2030-01-01T11:00:00Z');
const gateway = { id: '0190c0de-0000-7000-8000-00000000000a', slug: 'a', items: [tool('one')] };
const old: GatewayDraft = { ...gateway, url: 'http://127.0.0.1:9/old', verifiedAt: before };
const current: GatewayDraft = { ...gateway, url: 'http://127.0.0.1:9/current', verifiedAt: after };

describe('a gateway whose rows were put back to an earlier host', () => {
  let dir: string;
  const trust = testTrust();
  let broker: MemoryBroker;
  let published: PublishedRoutes;
  let table: RouteTable;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lethe-routes-'));
  });
  beforeEach(() => {
    broker = new MemoryBroker();
    published = new PublishedRoutes(broker, trust);
    table = newBook();
  });

  const newBook = () => new RouteTable(new ManifestVerifier(trust), { allowed: ['127.0.0.0/8'] });
  const draft = (slug: string, ...gateways: GatewayDraft[]) => published.manifest({ slug, gateways });
  const closed = (slug = 's') => table.server(slug)?.gateways.map((route) => route.closed ?? 'open');
  async function take(manifest: ServerManifest): Promise<void> {
    const { values } = broker.snapshots.open(BUCKETS.blocks, () => undefined);
    for (const { key, value } of values) table.applyBlock(key, value ?? '', 0);
    expect(await table.applyManifest(manifest.slug, await published.sign(manifest))).toBe('taken');
  }

  it('is closed, though registry and connector signed everything', async () => {
    await take(await draft('s', old));
    await take(await draft('s', current));
    expect(closed()).toEqual(['open']);
    await take(await draft('s', old, { ...old, id: 'another', slug: 'b' }));
    expect(closed()).toEqual(['not_covered', 'open']);
    await take(await draft('s', current));
    expect(closed()).toEqual(['open']);
  });

  it('is closed on every virtual server, whichever came first', async () => {
    await take(await draft('s', old));
    await take(await draft('other', current));
    expect([closed('s'), closed('other')]).toEqual([['not_covered'], ['open']]);
  });

  it('is closed after a restart too, also when the manifests are gone', async () => {
    const file = new RouteFile(join(dir, 'routes.json'));
    await take(await draft('s', current));
    await take(await published.manifest({ slug: 's', gateways: [], state: 'deleted' }));
    await file.save(table);
    table = newBook();
    expect(await file.loadInto(table, 0)).toBe(true);
    await take(await draft('again', old));
    expect(closed('again')).toEqual(['not_covered']);
  });

  it('is closed by the later attempt of one second', async () => {
    await take(await draft('s', { ...current, receiptSays: { attempt: 2 } }));
    await take(await draft('other', { ...old, verifiedAt: after }));
    expect([closed('s'), closed('other')]).toEqual([['open'], ['not_covered']]);
  });

  it('stays open when an earlier receipt leads to the same place', async () => {
    await take(await draft('s', { ...current, verifiedAt: before }));
    await take(await draft('other', current));
    await take(await draft('third', { ...current, verifiedAt: before }));
    expect([closed('s'), closed('other'), closed('third')]).toEqual([['open'], ['open'], ['open']]);
  });

  it('is not closed by a receipt that no connector signed', async () => {
    expect(await table.applyReceipt(await published.sign(await draft('x', current)))).toBe('refused');
    expect(await table.applyReceipt('x')).toBe('refused');
    await take(await draft('s', old));
    expect(closed()).toEqual(['open']);
  });
});
