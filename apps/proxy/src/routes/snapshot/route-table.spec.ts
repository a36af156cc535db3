import { BUCKETS, type ServerManifest } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { beforeEach, describe, expect, it } from 'vitest';
import { type GatewayDraft, PublishedRoutes, tool } from '@test/support/published-routes.js';
import { testTrust } from '@test/support/trust.js';
import { ManifestVerifier } from './manifest-verifier.js';
import { RouteTable } from './route-table.js';

const gateway: GatewayDraft = { slug: 'a', url: 'http://127.0.0.1:9/mcp', items: [tool('one'), tool('two')] };

describe('RouteTable', () => {
  const trust = testTrust();
  const stranger = testTrust();
  let broker: MemoryBroker;
  let published: PublishedRoutes;
  let table: RouteTable;

  beforeEach(() => {
    broker = new MemoryBroker();
    published = new PublishedRoutes(broker, trust);
    table = new RouteTable(new ManifestVerifier(trust), { allowed: ['127.0.0.0/8'] });
  });

  const takeBlocks = (): void => {
    const { values } = broker.snapshots.open(BUCKETS.blocks, () => undefined);
    for (const { key, value } of values) table.applyBlock(key, value ?? '', 0);
  };
  const offer = async (manifest: ServerManifest) => table.applyManifest(manifest.slug, await published.sign(manifest));
  const draft = (more: object = {}) => published.manifest({ slug: 'server', gateways: [gateway], ...more });

  it('serves a manifest when its last block is there, whichever came first', async () => {
    const manifest = await draft();
    expect(await offer(manifest)).toBe('waiting');
    expect(table.server('server')).toBeUndefined();
    expect(table.missingBlocks()).toHaveLength(2);
    takeBlocks();
    expect(table.server('server')?.resolve('tool', 'two').own).toBe('two');
    expect(table.missingBlocks()).toEqual([]);
    const next = await draft();
    takeBlocks();
    expect(await offer(next)).toBe('taken');
  });

  it('keeps serving the one before until the newer one is whole', async () => {
    await offer(await draft());
    takeBlocks();
    const newer = await draft({ gateways: [{ ...gateway, items: [tool('three')] }] });
    expect(await offer(newer)).toBe('waiting');
    expect(table.server('server')?.resolve('tool', 'one').own).toBe('one');
    takeBlocks();
    expect(() => table.server('server')?.resolve('tool', 'one')).toThrow();
  });

  it('refuses what is older than what it saw, also after a tombstone', async () => {
    const [first, second] = [await draft(), await draft()];
    takeBlocks();
    expect(await offer(second)).toBe('taken');
    expect(await offer(first)).toBe('older');
    expect(await offer(second)).toBe('known');
    const tombstone = await draft({ state: 'deleted', gateways: [] });
    expect(await offer(tombstone)).toBe('taken');
    expect(table.server('server')).toBeUndefined();
    expect(await offer(second)).toBe('older');
  });

  it('refuses what no registry signed, and what was signed for another key', async () => {
    const manifest = await draft();
    const forged = await stranger.registrySigner().sign('manifest', manifest, new Date());
    const byConnector = await trust.connectorSigner().sign('manifest', manifest, new Date());
    for (const jws of ['', 'a.b.c', forged, byConnector]) {
      expect(await table.applyManifest('server', jws)).toBe('refused');
    }
    expect(await table.applyManifest('other', await published.sign(manifest))).toBe('refused');
  });

  it('refuses a block that is not what its digest says', async () => {
    const manifest = await draft();
    await offer(manifest);
    for (const digest of table.missingBlocks()) expect(table.applyBlock(digest, '{"kind":"names"}', 0)).toBe('refused');
    expect(table.server('server')).toBeUndefined();
  });

  it.each([
    { url: 'http://127.0.0.1:10/mcp' },
    { mappings: [{ header: 'X-Other' }] },
    { mappings: [] },
    { slug: 'b' },
    { gatewayId: '0190c0de-0000-7000-8000-00000000000f' },
    { configRevision: 2 },
  ])('closes a gateway whose receipt says %j', async (receiptSays) => {
    await offer(await draft({ gateways: [{ ...gateway, receiptSays }] }));
    takeBlocks();
    expect(table.server('server')?.gateways[0]?.closed).toBe('not_covered');
  });

  it('closes a gateway whose receipt is no receipt, and leaves the others open', async () => {
    const manifest = await draft({ gateways: [gateway, { ...gateway, slug: 'b' }] });
    const [first, second] = manifest.gateways;
    if (!first || !second) throw new Error('two gateways');
    await offer({ ...manifest, gateways: [{ ...first, receipt: second.receipt }, second] });
    takeBlocks();
    expect(table.server('server')?.gateways.map(({ closed }) => closed)).toEqual(['not_covered', undefined]);
  });

  it('closes a gateway at an address that this proxy may not dial', async () => {
    await offer(await draft({ gateways: [{ ...gateway, url: 'http://10.0.0.1/mcp' }] }));
    takeBlocks();
    expect(table.server('server')?.gateways[0]?.closed).toBe('url_forbidden');
  });

  it('keeps the newest entry of a caller', async () => {
    const signed = async (revision: number, revoked: boolean) =>
      trust
        .registrySigner()
        .sign('caller', { keyId: 'k1', mac: '', servers: '*', exp: null, revoked, revision }, new Date());
    expect(await table.applyCaller('k1', await signed(2, true))).toBe('taken');
    expect(await table.applyCaller('k1', await signed(1, false))).toBe('older');
    expect(await table.applyCaller('k2', await signed(3, false))).toBe('refused');
    expect(table.caller('k1')?.revoked).toBe(true);
  });

  it('forgets blocks that nothing names, after a while', async () => {
    await offer(await draft());
    takeBlocks();
    const orphan = published.putBlock({ kind: 'catalogue', items: [tool('orphan')] });
    takeBlocks();
    table.prune(60_000);
    expect(table.blocks.missing([orphan])).toEqual([]);
    table.prune(60 * 60_000);
    expect(table.blocks.missing([orphan])).toEqual([orphan]);
    expect(table.server('server')?.resolve('tool', 'one').own).toBe('one');
  });
});
