import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS, type Credential, type ServerManifest } from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { PublishedRoutes, tool } from '@test/support/published-routes.js';
import { testTrust } from '@test/support/trust.js';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { KeptGateways } from '../table/kept-gateways.js';
import { ManifestVerifier } from './manifest-verifier.js';
import { RouteFile } from './route-file.js';
import { RouteTable } from './route-table.js';

const CREDENTIAL: Credential = { scheme: 'bearer', token: 'a-service-key' };
const POLICY = { allowed: ['127.0.0.0/8'] };
/** A thousand gateways, each with a kept credential. */
const [SERVERS, GATEWAYS] = [10, 100];

describe('the published entry of a kept credential', () => {
  const trust = testTrust();
  let dir: string;
  let broker: MemoryBroker;
  let published: PublishedRoutes;
  let table: RouteTable;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lethe-kept-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));
  beforeEach(() => {
    broker = new MemoryBroker();
    published = new PublishedRoutes(broker, trust);
    table = newTable(new KeptGateways(trust.keptRing(), POLICY));
  });

  const newTable = (kept?: KeptGateways) => new RouteTable(new ManifestVerifier(trust), POLICY, kept);
  const serve = async (slug: string, count: number): Promise<ServerManifest> => {
    const slugs = Array.from({ length: count }, (_, n) => `${slug}-${n}`);
    const manifest = await published.manifest({
      ...{ slug, access: 'key', grants: [{ role: 'eng', gateways: slugs }] },
      credentials: Object.fromEntries(slugs.map((each) => [each, 'kept'])),
      gateways: slugs.map((each) => ({
        ...{ slug: each, url: `http://127.0.0.1:9/${each}`, items: [tool(each)], credential: 'kept' },
      })),
    });
    const { values } = broker.snapshots.open(BUCKETS.blocks, () => undefined);
    for (const { key, value } of values) table.applyBlock(key, value ?? '', 0);
    await table.applyManifest(slug, await published.sign(manifest));
    return manifest;
  };
  const open = (of: RouteTable, slug: string): boolean[] =>
    of.server(slug)?.gateways.map(({ kept }) => kept?.held?.parts(Date.now()) !== undefined) ?? [];

  it('is reported as applied when it is open, and not if it can not be opened', async () => {
    verifies('kept.replaced');
    const { gateways } = await serve('s', 2);
    const reports: [line: string, open: boolean[]][] = [];
    table.applied.reportTo((lines) => void reports.push([lines.join(), open(table, 's')]));
    const [one, other] = [gateways[0]!, gateways[1]!];
    const jws = await published.keep(one, CREDENTIAL);
    await table.applyKept(one.id, jws);
    const unknown = await published.keep(other, CREDENTIAL, { sealedFor: { kid: 'a-key-that-this-proxy-lacks' } });
    expect(await table.applyKept(other.id, unknown)).toBe('taken');
    await new Promise(setImmediate);
    expect(reports).toEqual([[expect.stringContaining(`${BUCKETS.kept} ${one.id} `), [true, false]]]);
  });

  it('is reported as applied when calls have its first access token, and holds up no other entry until then', async () => {
    verifies('kept.replaced');
    const { gateways } = await serve('s', 2);
    const [one, other] = [gateways[0]!, gateways[1]!];
    const held: ServerResponse[] = [];
    const { origin, close } = await listenOnLoopback((_request, response) => void held.push(response));
    const client: Credential = { scheme: 'oauth_client_credentials', tokenUrl: `${origin}/token`, clientId: 'c', clientSecret: 's' }; // prettier-ignore
    for (const gateway of [one, other]) await table.applyKept(gateway.id, await published.keep(gateway, CREDENTIAL));
    const reported: string[] = [];
    table.applied.reportTo((lines) => void reported.push(...lines.map((line) => line.split(' ')[1] ?? '')));
    // The first one is replaced before it is used, so it is not reported.
    for (const asked of [1, 2]) {
      await table.applyKept(one.id, await published.keep(one, client));
      await expect.poll(() => held.length).toBe(asked);
    }
    await table.applyKept(other.id, await published.keep(other, CREDENTIAL));
    await expect.poll(() => reported).toEqual([other.id]);
    expect(open(table, 's')).toEqual([true, true]);
    held.at(-1)?.writeHead(200, { 'content-type': 'application/json' });
    held.at(-1)?.end(JSON.stringify({ access_token: 'a-token', token_type: 'Bearer', expires_in: 600 }));
    await expect.poll(() => reported).toEqual([other.id, one.id]);
    table.kept?.close();
    await close();
  });

  it('is reported as deleted when it is in the file, and not used from before that', async () => {
    verifies('kept.forgotten');
    const [gateway] = (await serve('s', 1)).gateways;
    const { id } = gateway!;
    await table.applyKept(id, await published.keep(gateway!, CREDENTIAL));
    expect(open(table, 's')).toEqual([true]);
    const reports: string[] = [];
    table.applied.reportTo((lines) => void reports.push(...lines));
    const path = join(dir, 'forgotten.json');
    let written = '';
    table.save = async () => {
      expect([open(table, 's'), reports]).toEqual([[false], []]);
      await new RouteFile(path).save(table);
      await new Promise(setImmediate);
      written = reports.length === 0 ? await readFile(path, 'utf8') : '';
      return true;
    };
    const gone = await published.forget(id);
    await table.applyKept(id, gone);
    expect(written).toContain(gone);
    await new Promise(setImmediate);
    expect(reports.splice(0)).toEqual([expect.stringContaining(id)]);
    // If the disk is full, a proxy that starts from its file would have it again.
    table.save = () => Promise.resolve(false);
    await table.applyKept(id, await published.keep(gateway!, CREDENTIAL));
    await table.applyKept(id, await published.forget(id));
    await new Promise(setImmediate);
    expect([open(table, 's'), reports.length]).toEqual([[false], 1]);
  });

  it('is deleted by what was signed later, whatever revision it has, and comes back by nothing earlier', async () => {
    verifies('kept.forgotten');
    const [gateway] = (await serve('s', 1)).gateways;
    const { id } = gateway!;
    const [early, late] = [await published.keep(gateway!, CREDENTIAL), await published.keep(gateway!, CREDENTIAL)];
    await table.applyKept(id, late);
    expect(await table.applyKept(id, await published.forget(id, { keptRevision: 1 }))).toBe('taken');
    expect([await table.applyKept(id, early), await table.applyKept(id, late)]).toEqual(['older', 'older']);
    expect(open(table, 's')).toEqual([false]);
  });

  it('costs a start from the route file less than a second for a thousand of them', async () => {
    verifies('kept.opened-soon');
    const manifests = await Promise.all(Array.from({ length: SERVERS }, (_, n) => serve(`s${n}`, GATEWAYS)));
    const gateways = manifests.flatMap((manifest) => manifest.gateways);
    await Promise.all(
      gateways.map(async (gateway) => table.applyKept(gateway.id, await published.keep(gateway, CREDENTIAL))),
    );
    const path = join(dir, 'thousand.json');
    await new RouteFile(path).save(table);
    /** Seconds of processor time, which other processes on the machine do not lengthen. */
    const load = async (into: RouteTable): Promise<number> => {
      const before = process.cpuUsage();
      await new RouteFile(path).loadInto(into, 0);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1e6;
    };
    await load(newTable());
    const started = newTable(new KeptGateways(trust.keptRing(), POLICY));
    const [without, withKept] = [await load(newTable()), await load(started)];
    expect(withKept - without).toBeLessThan(1);
    expect(manifests.flatMap(({ slug }) => open(started, slug)).filter(Boolean)).toHaveLength(SERVERS * GATEWAYS);
  });
});
