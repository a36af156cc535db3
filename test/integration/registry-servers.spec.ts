import {
  BUCKETS,
  type CallerEntry,
  FetchRoutes,
  FetchRoutesReply,
  type NamesBlock,
  RoutesDigest,
} from '@lethe/contracts';
import { MemoryBroker, OnNotice, RequestClient } from '@lethe/messaging';
import { blockDigest, readSecret, routesHash } from '@lethe/sealing';
import { Controller } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { startBusApp } from '../support/messaging-app.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { verifies } from '../requirements.js';

interface ServerView {
  id: string;
  slug: string;
  exposed: { kind: string; exposed: string; gateway: string; own: string }[];
  leftOut: { gateway: string; own?: string; reason: string }[];
  shortForm: Record<string, string>;
  warnings: { code: string; headers: number; needsKib: number; limitKib: number; setting: string }[];
  revision: number;
}

@Controller()
class ReceivesDigests {
  last?: RoutesDigest;

  @OnNotice(RoutesDigest)
  onDigest(digest: RoutesDigest): void {
    this.last = digest;
  }
}

for (const kind of DATABASE_KINDS) {
  const isAvailable = isDatabaseAvailable(kind);
  describe.skipIf(!isAvailable)(`virtual servers and keys over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => (harness = await RegistryHarness.start(kind)));
    afterAll(() => harness?.stop());

    const serve = (body: object) => harness.admin.ask<ServerView>('POST', '/servers', { name: 'A server', ...body });
    const server = (ref: string) => harness.admin.ask<ServerView>('GET', `/servers/${ref}`);
    const names = async (ref: string) =>
      (await server(ref)).exposed.map(({ gateway, own, exposed }) => `${gateway}/${own}=${exposed}`).sort();

    it('is refused where an exact name is a short form without an owner: proxies would reject the whole server', async () => {
      const [a, b] = [await harness.gateway(), await harness.gateway()];
      const c = await harness.gateway({ passthroughHeaders: [{ header: `${a.slug}-Authorization` }] });
      const include = [a, b, c].map(({ id }) => ({ gateway: id }));
      const answer = await harness.admin.request('POST', '/servers', { name: 'clash', include });
      expect(answer.body).toMatchObject({ code: 'header_clash' });
    });

    it('tells whoever composes it when its clients may have to send more headers than the way to it lets pass', async () => {
      verifies('servers.header-budget');
      const passthroughHeaders = Array.from({ length: 16 }, (_, n) => ({ header: `X-Token-${n}` }));
      const gateways = await Promise.all([1, 2, 3, 4].map(() => harness.gateway({ passthroughHeaders })));
      const [first, ...others] = gateways.map(({ slug }) => ({ gateway: slug }));
      const made = await serve({ include: others });
      expect(made.warnings).toEqual([]);
      const change = (body: object) => harness.admin.ask<ServerView>('PATCH', `/servers/${made.slug}`, body);
      const over = {
        ...{ code: 'headers_over_limit', headers: 64, needsKib: 262 },
        ...{ limitKib: 256, setting: 'LETHE_MAX_HEADER_KIB' },
      };
      expect((await change({ include: [first, ...others] })).warnings).toEqual([over]);
      expect((await server(made.slug)).warnings).toEqual([over]);
      // Another configuration of a gateway counts as soon as it is wanted, as for all who have to send its headers.
      await harness.admin.ask('PATCH', `/gateways/${gateways[0]?.slug}`, { passthroughHeaders: [] });
      expect((await server(made.slug)).warnings).toEqual([]);
      const twice = [...others, ...others.map((rule) => ({ ...rule, kinds: ['tool'] }))];
      expect((await change({ include: twice })).warnings).toEqual([]);
    });

    it('publishes a signed manifest whose blocks are there before it', async () => {
      const gateway = await harness.gateway();
      await harness.verified(gateway.id, [tool('a'), tool('b')]);
      const made = await serve({ include: [{ gateway: gateway.slug }] });
      await expect.poll(() => harness.published(BUCKETS.servers, made.slug)).toBeDefined();
      const manifest = (await harness.manifest(made.slug))!;
      expect(manifest).toMatchObject({ id: made.id, slug: made.slug, state: 'live', access: 'key' });
      expect(manifest.gateways[0]).toMatchObject({ slug: gateway.slug, configRevision: 1, enabled: true });
      for (const digest of [...manifest.names, ...manifest.gateways[0]!.blocks]) {
        expect(blockDigest(harness.published(BUCKETS.blocks, digest)!)).toBe(digest);
      }
      const block: NamesBlock = JSON.parse(harness.published(BUCKETS.blocks, manifest.names[0]!)!);
      expect(block.items).toEqual([
        { kind: 'tool', exposed: 'a', gateway: gateway.slug, own: 'a' },
        { kind: 'tool', exposed: 'b', gateway: gateway.slug, own: 'b' },
      ]);
    });

    it('publishes nothing of a gateway that was never verified, and everything once it is', async () => {
      const gateway = await harness.gateway();
      const made = await serve({ include: [{ gateway: gateway.id }] });
      expect(made.leftOut).toEqual([{ gateway: gateway.slug, reason: 'gateway_unverified' }]);
      expect(await harness.manifest(made.slug)).toMatchObject({ gateways: [], names: [], shortForm: {} });
      await harness.verified(gateway.id, [tool('a')]);
      const after = await harness.manifest(made.slug);
      expect(after).toMatchObject({ gateways: [{ slug: gateway.slug }], shortForm: { Authorization: gateway.slug } });
      expect(after!.revision).toBeGreaterThan(made.revision);
    });

    it('keeps every name through re-verification and a second gateway that clashes', async () => {
      verifies('names.stable');
      const [first, second] = [await harness.gateway(), await harness.gateway()];
      await harness.verified(first.id, [tool('search'), tool('same')]);
      await harness.verified(second.id, [tool('search')]);
      const { slug } = await serve({ include: [{ gateway: first.id }] });
      await harness.admin.ask('PATCH', `/servers/${slug}`, {
        include: [{ gateway: second.id }, { gateway: first.id }],
      });
      const expected = [`${first.slug}/same=same`, `${first.slug}/search=search`];
      const clashing = `${second.slug}/search=${second.slug}-search`;
      expect(await names(slug)).toEqual([...expected, clashing].sort());
      await harness.verified(first.id, [tool('same')]);
      await harness.verified(second.id, [tool('search'), tool('new')]);
      expect(await names(slug)).toEqual([expected[0]!, clashing, `${second.slug}/new=new`].sort());
      await harness.verified(first.id, [tool('search'), tool('same'), tool('new')]);
      expect(await names(slug)).toEqual(
        [...expected, clashing, `${second.slug}/new=new`, `${first.slug}/new=${first.slug}-new`].sort(),
      );
    });

    it('gives names of at most the length that it is told, and keeps longer ones that it gave before', async () => {
      verifies('names.stable');
      verifies('names.readable');
      const gateway = await harness.gateway();
      const long = 'a'.repeat(60);
      await harness.verified(gateway.id, [tool(long)]);
      const limit = (maxNameLength: unknown) => ({ include: [{ gateway: gateway.id }], maxNameLength });
      for (const wrong of [19, 65, 20.5, '30', null]) {
        const answer = await harness.admin.request('POST', '/servers', { name: 'wrong', ...limit(wrong) });
        expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      }
      const { slug, ...made } = await serve({ include: [{ gateway: gateway.id }] });
      expect(made).toMatchObject({ maxNameLength: 64, exposed: [{ exposed: long }] });
      await harness.admin.ask('PATCH', `/servers/${slug}`, { maxNameLength: 30 });
      await harness.verified(gateway.id, [tool(long), tool(`b${long}`), tool('búsqueda_rápida')]);
      const { exposed, ...after } = await server(slug);
      expect(after).toMatchObject({ maxNameLength: 30 });
      expect(exposed.map((one) => one.exposed).sort()).toEqual([
        long,
        expect.stringMatching(/^ba{20}-[0-9a-f]{8}$/),
        'busqueda_rapida',
      ]);
      const cut = await serve(limit(30));
      expect(cut.exposed.map((one) => one.exposed.length).sort()).toEqual([15, 30, 30]);
    });

    it('leaves out a resource whose URI another gateway has, and says so', async () => {
      const [first, second] = [await harness.gateway(), await harness.gateway()];
      const resource = { kind: 'resource' as const, own: 'file:///x', definition: { uri: 'file:///x', name: 'x' } };
      await harness.verified(first.id, [resource]);
      await harness.verified(second.id, [resource]);
      const made = await serve({ include: [{ gateway: first.id }, { gateway: second.id }] });
      expect(made.leftOut).toEqual([{ gateway: second.slug, kind: 'resource', own: 'file:///x', reason: 'uri_clash' }]);
    });

    it('gives the short form to the one gateway that maps a header and never moves it', async () => {
      const [first, second] = [await harness.gateway(), await harness.gateway()];
      const made = await serve({ include: [{ gateway: first.id }] });
      expect(made.shortForm).toEqual({ Authorization: first.slug });
      const both = [{ gateway: second.id }, { gateway: first.id }];
      expect(await harness.admin.ask('PATCH', `/servers/${made.slug}`, { include: both })).toMatchObject({
        shortForm: { Authorization: first.slug },
      });
      const left = await harness.admin.ask('PATCH', `/servers/${made.slug}`, { include: [{ gateway: second.id }] });
      expect(left).toMatchObject({ shortForm: {} });
      const wrong = await harness.admin.request('PATCH', `/servers/${made.slug}`, {
        shortForm: { 'X-Other': second.id },
      });
      expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    });

    it('keeps the short form of a gateway if an item of another one does not exist', async () => {
      const [first, second] = [await harness.gateway(), await harness.gateway()];
      await harness.verified(first.id, [tool('a')]);
      await harness.verified(second.id, [tool('b')]);
      const misspelt = { gateway: second.slug, kind: 'tool', name: 'no-such-tool' };
      const made = await serve({ include: [{ gateway: first.slug }], items: [misspelt] });
      expect(made.shortForm).toEqual({ Authorization: first.slug });
      expect(made.leftOut).toEqual([
        { gateway: second.slug, kind: 'tool', own: 'no-such-tool', reason: 'item_unknown' },
      ]);
      const both = await serve({ include: [{ gateway: first.slug }], items: [{ ...misspelt, name: 'b' }] });
      expect(both.shortForm).toEqual({});
    });

    it('takes back what it showed, also after one of its gateways was deleted', async () => {
      const [kept, gone] = [
        await harness.gateway(),
        await harness.gateway({ passthroughHeaders: [{ header: 'X-Key' }] }),
      ];
      await harness.verified(kept.id, [tool('a')]);
      const items = [{ gateway: gone.slug, kind: 'tool', name: 'x' }];
      const made = await serve({ include: [{ gateway: kept.slug }, { gateway: gone.slug }], items });
      await harness.admin.ask('DELETE', `/gateways/${gone.id}?force=true`);
      const { include, items: picks, shortForm } = await harness.admin.ask('GET', `/servers/${made.id}`);
      expect(shortForm).toEqual({ Authorization: kept.slug, 'X-Key': gone.slug });
      const again = await harness.admin.ask('PATCH', `/servers/${made.id}`, { include, items: picks, shortForm });
      expect(again).toMatchObject({ include, items: picks, shortForm });
      expect(again).toMatchObject({ leftOut: [{ gateway: gone.slug, reason: 'gateway_deleted' }] });
      for (const body of [{ include }, { items: picks }]) {
        const elsewhere = await harness.admin.request('POST', '/servers', { name: 'Another', ...body });
        expect(elsewhere).toMatchObject({ status: 400, body: { errors: [{ rule: 'gateway_unknown' }] } });
      }
    });

    it('can be switched off and on, which its manifest says', async () => {
      const made = await serve({ enabled: false });
      expect(made).toMatchObject({ enabled: false });
      expect(await harness.manifest(made.slug)).toMatchObject({ enabled: false });
      expect(await harness.lethe(['ls'])).toMatchObject({ out: expect.stringMatching(/ off\n/) });
      await harness.sql.query(`update virtual_server set enabled = true where id = $1`, [made.id]);
      const put = await harness.admin.request('PATCH', `/servers/${made.id}`, { name: 'On' });
      expect(put).toMatchObject({ body: { code: 'row_tampered' } });
      await harness.sql.query(`update virtual_server set enabled = false where id = $1`, [made.id]);
      expect(await harness.admin.ask('PATCH', `/servers/${made.id}`, { enabled: true })).toMatchObject({
        enabled: true,
      });
      expect(await harness.manifest(made.slug)).not.toHaveProperty('enabled');
    });

    it('takes globs of a bounded length, with a bounded number of stars', async () => {
      const { id, slug } = await harness.gateway();
      await harness.verified(id, [tool('issues_list'), tool('issues_get'), tool('a'.repeat(200))]);
      const ask = (...globs: string[]) =>
        harness.admin.request('POST', '/servers', { name: 'Globs', include: [{ gateway: slug, names: globs }] });
      const refused = async (glob: string, rule: string) =>
        expect(await ask('ok', glob)).toMatchObject({
          status: 400,
          body: { code: 'invalid_request', errors: [{ field: 'include.0.names', rule }] },
        });
      await refused('*a'.repeat(9), 'max_stars');
      await refused('a'.repeat(201), 'max_length');
      const begin = performance.now();
      expect((await ask('*a'.repeat(8) + 'b', 'issues_*')).body).toMatchObject({ exposed: [{}, {}] });
      // The regular expressions of a glob library take longer than anybody waits.
      expect(performance.now() - begin).toBeLessThan(10_000);
    });

    it('refuses more than sixteen gateways whose upstreams keep sessions', async () => {
      const gateways: string[] = [];
      for (let n = 0; n < 17; n += 1) {
        const { id } = await harness.gateway();
        await harness.verified(id, [], { facts: { ...FACTS, sessionful: true } });
        gateways.push(id);
      }
      const include = gateways.map((gateway) => ({ gateway }));
      const refused = await harness.admin.request('POST', '/servers', { name: 'too many', include });
      expect(refused).toMatchObject({ status: 409, body: { code: 'too_many_sessionful' } });
      expect((await serve({ include: include.slice(1) })).leftOut).toEqual([]);
    });

    it('ends a server with a signed tombstone; its address may be given again, with a higher revision', async () => {
      const made = await serve({ slug: 'short-lived' });
      await harness.admin.ask('DELETE', '/servers/short-lived');
      const tombstone = await harness.manifest('short-lived');
      expect(tombstone).toMatchObject({ id: made.id, state: 'deleted', gateways: [], names: [] });
      await serve({ slug: 'short-lived' });
      const again = await harness.manifest('short-lived');
      expect(again).toMatchObject({ state: 'live' });
      expect(again!.revision).toBeGreaterThan(tombstone!.revision);
      expect(await harness.admin.request('POST', '/servers', { name: 'x', slug: 'short-lived' })).toMatchObject({
        status: 409,
        body: { code: 'slug_taken' },
      });
    });

    it('issues a key once, bound to its scope, and revokes it', async () => {
      const made = await serve({});
      const issued = await harness.admin.ask<{ id: string; key: string; servers: string[] }>('POST', '/keys', {
        name: 'a caller',
        servers: [made.slug],
        expiresAt: '2030-01-01T00:00:00Z',
      });
      const passed = await harness.admin.request('POST', '/keys', {
        name: 'x',
        servers: '*',
        expiresAt: '2020-01-01T00:00:00Z',
      });
      expect(passed).toMatchObject({ status: 400, body: { errors: [{ field: 'expiresAt', rule: 'in_future' }] } });
      expect(issued.servers).toEqual([made.id]);
      const { id, secret } = readSecret('lethe_key', issued.key)!;
      await expect.poll(() => harness.published(BUCKETS.callers, id)).toBeDefined();
      const entry = await harness.trust.verify<CallerEntry>('caller', harness.published(BUCKETS.callers, id)!);
      expect(entry).toMatchObject({ keyId: id, servers: [made.id], revoked: false, exp: 1_893_456_000 });
      const { keyId, servers, exp, mac } = entry;
      expect(harness.trust.callersMac().matches({ keyId, secret, servers, exp }, mac)).toBe(true);
      expect(JSON.stringify(await harness.admin.ask('GET', '/keys?limit=1000'))).not.toContain(secret);
      const stored = await harness.sql.query('select * from caller_key');
      expect(JSON.stringify(stored.rows)).not.toContain(secret);
      await harness.admin.ask('DELETE', `/keys/${id}`);
      const revoked = async () =>
        (await harness.trust.verify<CallerEntry>('caller', harness.published(BUCKETS.callers, id)!)).revoked;
      await expect.poll(revoked).toBe(true);
      expect((await harness.admin.request('DELETE', `/keys/${id}`)).status).toBe(404);
    });

    it('rebuilds buckets that a bus has lost, and hands everything out on request', async () => {
      const large = await harness.gateway();
      await harness.verified(
        large.id,
        Array.from({ length: 12 }, (_, n) => tool(`t${n}`, '"'.repeat(40_000))),
      );
      const broker = new MemoryBroker();
      const asking = await startBusApp({ broker, service: 'proxy' }, { controllers: [ReceivesDigests] });
      await harness.restart(broker);
      try {
        const { rows } = await harness.sql.query<{ bucket: string; key: string; value: string; revision: string }>(
          'select * from published_snapshot',
        );
        await expect
          .poll(() => rows.every(({ bucket, key, value }) => broker.snapshots.get(bucket, key) === value), {
            timeout: 25_000,
          })
          .toBe(true);
        for (const bucket of Object.values(BUCKETS)) {
          const entries = new Map<string, string>();
          let cursor: string | undefined;
          do {
            const query = Object.assign(new FetchRoutes(), { bucket, ...(cursor && { cursor }) });
            const page: FetchRoutesReply = await asking
              .get(RequestClient)
              .request(FetchRoutes, query, { timeoutMs: 2_000 });
            for (const [key, value] of page.entries) entries.set(key, value);
            cursor = page.nextCursor;
          } while (cursor !== undefined);
          const expected = rows.filter((row) => row.bucket === bucket).map(({ key, value }) => [key, value] as const);
          expect(entries).toEqual(new Map(expected));
        }
        const lines = rows.filter((row) => row.bucket === BUCKETS.servers).map((row) => `${row.key}:${row.revision}`);
        const lastDigest = () => asking.get(ReceivesDigests).last;
        await expect.poll(lastDigest).toMatchObject({ servers: lines.length, serversHash: routesHash(lines) });
      } finally {
        await asking.close();
      }
    });
  });
}
