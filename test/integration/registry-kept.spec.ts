import { randomUUID } from 'node:crypto';
import {
  BUCKETS,
  type Credential,
  GatewaysSeen,
  KeptCredentialRefused,
  type KeptEntry,
  type KeptOfferClaims,
  RoutesApplied,
} from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { openKept, sealKept } from '@lethe/sealing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { EventReader } from '../support/registry/event-reader.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const CREDENTIAL: Credential = { scheme: 'bearer', token: 'a-service-key-of-the-upstream' };
const ON = { LETHE_KEPT_CREDENTIALS: 'on' };
interface Kept {
  state: string;
  keptRevision: number;
  until: string;
  rejectedAt: string | null;
  by: { name: string };
}
interface View {
  credential: string;
  kept: Kept | null;
}

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`a credential that is kept, over ${kind}`, () => {
    let harness: RegistryHarness;
    let id: string;
    let slug: string;
    let bus: Awaited<ReturnType<typeof startBusApp>>;
    beforeAll(async () => {
      harness = await RegistryHarness.start(kind, ON);
      bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
    });
    afterAll(async () => {
      await bus?.close();
      await harness?.stop();
    });
    beforeEach(async () => {
      ({ id, slug } = await harness.gateway());
      await harness.verified(id, [tool('a')]);
    });

    const path = () => `/gateways/${id}/kept-credential`;
    const put = (sealed: unknown, headers = {}) => harness.admin.request('PUT', path(), sealed, headers);
    const shown = () => harness.admin.ask<View>('GET', `/gateways/${id}`);
    const seal = (changes: Partial<KeptOfferClaims>, now = new Date()) =>
      offer().then((claims) => sealKept({ ...claims, ...changes }, CREDENTIAL, { now }));
    const offer = async () => {
      const { next } = await harness.admin.ask<{ next: { offer: string } }>('GET', path());
      return harness.trust.verify<KeptOfferClaims>('keptOffer', next.offer);
    };
    /** What a proxy tells registries. */
    const notices = () => bus.get(NoticePublisher);
    const entryIn = async (jws: string | undefined) => harness.trust.verify<KeptEntry>('kept', jws ?? '');
    const published = async (): Promise<KeptEntry | undefined> => {
      const jws = harness.published(BUCKETS.kept, id);
      return jws === undefined ? undefined : entryIn(jws);
    };
    /** As somebody does who can write to the outbox. */
    const sendAgain = async (value: string) => {
      await harness.sql.query(
        `insert into outbox_message (seq, bucket, key, value, created_at) select max(seq) + 1, $1, $2, $3, now() from outbox_message`,
        [BUCKETS.kept, id, value],
      );
      const unsent = () => harness.sql.query('select 1 from outbox_message where sent_at is null');
      await expect.poll(async () => (await unsent()).rows).toEqual([]);
    };
    const serve = async (body: object = {}) => {
      const server = { name: slug, slug, include: [{ gateway: slug }], ...body };
      return harness.admin.request<{ credentials: object; code?: string }>('POST', '/servers', server);
    };

    it('is published as ciphertext that only proxies can open, and shown without it', async () => {
      verifies('kept.ciphertext-only');
      await serve();
      const view = await harness.admin.keep(id, CREDENTIAL, 7);
      expect(view).toMatchObject({ credential: 'kept', kept: { state: 'usable', keptRevision: 1 } });
      const { kept } = await shown();
      expect(Date.parse(kept?.until ?? '') - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
      expect(kept?.by).toMatchObject({ kind: 'administrator', name: 'first administrator', role: 'admin' });
      await expect.poll(published).toMatchObject({ gatewayId: id, keptRevision: 1 });
      const { sealed } = (await published())!;
      const target = await offer();
      const opened = openKept(sealed ?? '', harness.trust.keptRing()!, { ...target, keptRevision: 1 }, new Date());
      await expect(opened).resolves.toMatchObject({ credential: CREDENTIAL });
      expect(await harness.manifest(slug)).toMatchObject({ gateways: [{ slug, credential: 'kept' }] });
      const audit = await harness.admin.ask('GET', `/audit?target=${id}`);
      expect(JSON.stringify([view, await shown(), audit])).not.toContain(sealed?.split('.')[3]);
    });

    it('is deleted everywhere, also with its gateway, and nothing older comes back', async () => {
      verifies('kept.forgotten');
      await serve();
      await harness.admin.keep(id, CREDENTIAL);
      await expect.poll(published).toMatchObject({ keptRevision: 1 });
      const [before] = (await harness.sql.query('select * from published_snapshot where key = $1', [id])).rows as [{ value: string }]; // prettier-ignore
      await harness.admin.ask('DELETE', path());
      expect(await shown()).toMatchObject({ credential: 'once', kept: null });
      await expect.poll(published, { timeout: 2_000 }).toMatchObject({ keptRevision: 2, sealed: null });
      const [manifest] = (await harness.manifest(slug))?.gateways ?? [];
      expect(manifest?.credential).toBeUndefined();
      const { rows } = await harness.sql.query('select sealed from kept_credential where gateway_id = $1', [id]);
      expect(rows).toEqual([{ sealed: null }]);
      await harness.admin.ask('DELETE', path());
      expect(await harness.sql.query('select 1 from outbox_message where key = $1 and value = $2', [id, before.value])).toMatchObject({ rows: [] }); // prettier-ignore
      await sendAgain(before.value);
      expect(await published()).toMatchObject({ keptRevision: 2, sealed: null });
      await harness.admin.keep(id, CREDENTIAL);
      await expect.poll(published).toMatchObject({ keptRevision: 3 });
      await harness.admin.ask('DELETE', `/gateways/${id}?force=true`);
      await expect.poll(published).toMatchObject({ keptRevision: 4, sealed: null });
    });

    it('leaves a receipt of its deletion, by whom and when, and says which proxies have it', async () => {
      verifies('kept.receipt');
      const [first, second, off] = ['one/1', 'two/1', 'off/1'];
      const say = (proxy: string, more: Partial<RoutesApplied>) =>
        notices().publish(RoutesApplied, Object.assign(new RoutesApplied(), { proxy, applied: [], opensKept: proxy !== off, ...more })); // prettier-ignore
      await harness.admin.keep(id, CREDENTIAL);
      for (const proxy of [first, second, off]) await say(proxy, {});
      const deleting = harness.admin.request<{ forgotten: object }>('DELETE', path(), undefined, { prefer: 'wait=5' });
      await expect.poll(published).toMatchObject({ sealed: null });
      const { revision = 0 } = (await published()) ?? {};
      await say(first, { applied: [`${BUCKETS.kept} ${id} ${revision}`] });
      const proxies = async () => (await harness.admin.ask<{ proxies: object[] }>('GET', path())).proxies;
      await expect.poll(proxies).toEqual([{ host: 'one', isCurrent: true }, { host: 'two', isCurrent: false }]); // prettier-ignore
      await say(second, { applied: [`${BUCKETS.kept} ${id} ${revision}`] });
      const { body, headers } = await deleting;
      expect(headers.get('preference-applied')).toBe('wait=5');
      const { forgotten } = await harness.admin.ask<{ forgotten: { receipt: string } }>('GET', path());
      expect(body).toEqual({ forgotten });
      const by = { kind: 'administrator', name: 'first administrator' };
      expect(forgotten).toMatchObject({ keptRevision: 2, by, at: expect.stringMatching(/Z$/) });
      const claims = await harness.trust.verify<object>('keptDeletion', forgotten.receipt);
      expect(claims).toMatchObject({ gatewayId: id, keptRevision: 2, by });
      await harness.sql.query('update kept_credential set kept_revision = 9 where gateway_id = $1', [id]);
      expect(await harness.admin.request('GET', path())).toMatchObject({ body: { code: 'row_tampered' } });
      // What somebody else has changed may be no deletion: it is one now, by who asked for it.
      expect(await harness.admin.request('DELETE', path())).toMatchObject({ body: { forgotten: { keptRevision: 10, by } } }); // prettier-ignore
      await expect.poll(published).toMatchObject({ sealed: null, keptRevision: 10 });
      for (const proxy of [first, second, off]) await say(proxy, { isLeaving: true });
    });

    it('is in events with its end, and in the gateway as rejected for an hour after an upstream has said so', async () => {
      verifies('kept.told');
      const reader = await EventReader.open(harness.url, harness.admin.token, { query: `?target=${id}` });
      await harness.admin.keep(id, CREDENTIAL, 7);
      const { kept } = await shown();
      const seen = (keptRejected: string[]) =>
        notices().publish(GatewaysSeen, Object.assign(new GatewaysSeen(), { answered: [slug], failed: [], listChanged: [], unknownItem: [], keptRejected })); // prettier-ignore
      await seen([`${slug} 7`]);
      expect((await shown()).kept?.rejectedAt).toBeNull();
      await seen([`${slug} 1`]);
      await expect.poll(async () => (await shown()).kept?.rejectedAt).toMatch(/Z$/);
      const listed = await harness.admin.ask<{ items: View[] }>('GET', `/gateways?q=${slug}`);
      expect(listed.items[0]).toMatchObject({ credential: 'kept', kept: { rejectedAt: expect.any(String), by: { name: 'first administrator' } } }); // prettier-ignore
      expect((await harness.lethe(['ls', 'gateways', '--match', slug])).out).toContain('kept credential: rejected');
      await harness.admin.keep(id, CREDENTIAL, 7);
      expect((await shown()).kept).toMatchObject({ keptRevision: 2, rejectedAt: null });
      expect((await harness.lethe(['ls', 'gateways', '--match', slug])).out).toContain(`kept until ${kept?.until.slice(0, 10)}`); // prettier-ignore
      await harness.admin.ask('DELETE', path());
      const { items } = await harness.admin.ask<{ items: object[] }>('GET', `/audit?target=${id}`);
      expect(JSON.stringify(items)).not.toContain('rejectedAt');
      await expect.poll(() => reader.types).toContain('gateway.credential_forgotten');
      reader.close();
      expect(reader.events.find(({ type }) => type === 'gateway.credential_kept')?.data).toMatchObject({ target: { id }, until: kept?.until }); // prettier-ignore
    });

    it('is refused unless it is sealed for the gateway as it is now', async () => {
      verifies('kept.bound');
      const other = await harness.gateway();
      const days = 86_400_000;
      const wrong: [string, Promise<string>][] = [
        ['gatewayId', seal({ gatewayId: other.id })],
        ['url', seal({ url: 'https://attacker.example/mcp' })],
        ['digest', seal({ digest: '0'.repeat(64) })],
        ['configRevision', seal({ configRevision: 2 })],
        ['keptRevision', seal({ keptRevision: 2 })],
        ['keptRevision', seal({ keptRevision: 0 })],
        ['kid', seal({ kid: 'another-key-here' })],
        ['exp', seal({}, new Date(Date.now() + days))],
      ];
      for (const [member, sealed] of wrong) {
        expect(await put(await sealed)).toMatchObject({ status: 422, body: { code: 'kept_refused', member } });
      }
      const ended = await put(await seal({}, new Date(Date.now() - 31 * days)));
      expect(ended).toMatchObject({ status: 422, body: { code: 'kept_refused', reason: 'envelope_expired' } });
      const sealed = await seal({});
      expect((await put(sealed)).status).toBe(200);
      expect(await put(sealed)).toMatchObject({ status: 422, body: { member: 'keptRevision' } });
      expect((await shown()).kept?.keptRevision).toBe(1);
    });

    it.each([
      ['a text in clear', 'a-service-key', 400, 'credential_in_clear'],
      ['JSON', { token: 'a-service-key' }, 400, 'credential_in_clear'],
      ['too much', `${'a'.repeat(9_000)}..${'a'.repeat(9_000)}.a.a`, 413, 'payload_too_large'],
      ['a credential for a slot', 'eyJ0eXAiOiJsZXRoZS1jcmVkZW50aWFsK2p3ZSJ9..aa.aa.aa', 422, 'kept_refused'],
    ])('is never %s', async (_what, body, status, code) => {
      verifies('kept.ciphertext-only');
      expect(await put(body)).toMatchObject({ status, body: { code } });
      expect((await shown()).credential).toBe('once');
    });

    it('ends when the configuration of its gateway changes, until another one is sealed', async () => {
      verifies('kept.bound');
      await harness.admin.keep(id, CREDENTIAL);
      await harness.admin.ask('PATCH', `/gateways/${id}`, { passthroughHeaders: [{ header: 'X-Api-Key' }] });
      expect((await shown()).kept?.state).toBe('usable');
      await harness.verified(id, [tool('a')]);
      expect((await shown()).kept?.state).toBe('other_configuration');
      await harness.admin.keep(id, CREDENTIAL);
      expect((await shown()).kept).toMatchObject({ state: 'usable', keptRevision: 2 });
    });

    it('is counted while it ends within 7 days, and once it can not be used', async () => {
      verifies('kept.ends');
      const counted = async (what: string) => {
        const text = await (await fetch(`${harness.url}/metrics`)).text();
        return Number(new RegExp(`^lethe_kept_credentials_${what} (\\d+)$`, 'm').exec(text)?.[1]);
      };
      await harness.sql.query('update kept_credential set sealed = null');
      await harness.admin.keep(id, CREDENTIAL, 6);
      // Counts of what earlier tests left are renewed soon.
      const both = async () => [await counted('ending'), await counted('unusable')];
      await expect.poll(both, { timeout: 20_000 }).toEqual([1, 0]);
      await harness.admin.ask('PATCH', `/gateways/${id}`, { passthroughHeaders: [{ header: 'X-Api-Key' }] });
      await harness.verified(id, [tool('a')]);
      await expect.poll(both, { timeout: 20_000 }).toEqual([0, 1]);
    });

    it('is kept by the role admin alone, and shown to all', async () => {
      verifies('kept.asked-for');
      const token = async (role: string) =>
        (await harness.admin.ask<{ token: string }>('POST', '/admins', { name: role, role })).token;
      const [editor, viewer] = [new Admin(harness.url, await token('editor')), new Admin(harness.url, await token('viewer'))]; // prettier-ignore
      const refused = await editor.request('PUT', path(), await seal({}));
      expect(refused).toMatchObject({ status: 403, body: { code: 'role_required', role: 'admin' } });
      expect((await viewer.request('GET', path())).status).toBe(200);
      expect((await viewer.request('DELETE', path())).status).toBe(403);
      await harness.admin.keep(id, CREDENTIAL);
      expect((await editor.request('DELETE', path())).status).toBe(200);
    });

    it('is forgotten once by several requests with one key at the same time, and none of them fails', async () => {
      await harness.admin.keep(id, CREDENTIAL);
      const headers = { 'idempotency-key': `once-${id}` };
      const forget = () => harness.admin.request<{ code?: string }>('DELETE', path(), undefined, headers);
      const codes = (await Promise.all(Array.from({ length: 12 }, forget))).map(({ body: { code } }) => code ?? 'done');
      expect(codes).toContain('done');
      // The others are told how far the first one is; the last word before its answer is stored is `answer_lost`.
      const told = ['done', 'idempotency_running', 'answer_lost'];
      expect(codes.filter((code) => !told.includes(code))).toEqual([]);
    });

    it('is of no gateway that has not been verified', async () => {
      const { id: unverified } = await harness.gateway();
      const view = await harness.admin.ask('GET', `/gateways/${unverified}/kept-credential`);
      expect(view).toEqual({ kept: null, forgotten: null, proxies: [], next: null, refused: 'gateway_unverified' });
      const sealed = await seal({ gatewayId: unverified });
      const refused = await harness.admin.request('PUT', `/gateways/${unverified}/kept-credential`, sealed);
      expect(refused).toMatchObject({ status: 409, body: { code: 'gateway_unverified' } });
    });

    it('is used where a virtual server says so, by the gateway, and never by an open one', async () => {
      verifies('kept.asked-for');
      const credentials = [{ gateway: id, use: 'callers-then-kept' }];
      expect(await serve({ credentials })).toMatchObject({
        status: 201,
        body: { credentials: [{ gateway: slug, use: 'callers-then-kept' }] },
      });
      expect(await harness.manifest(slug)).toMatchObject({ credentials: { [slug]: 'callers-then-kept' } });
      const change = (body: object) => harness.admin.request('PATCH', `/servers/${slug}`, body);
      const open = { errors: [{ field: 'credentials', rule: 'not_of_an_open_server' }] };
      expect(await change({ access: 'open' })).toMatchObject({ status: 400, body: open });
      expect(await change({ credentials: [{ gateway: slug, use: 'callers' }] })).toMatchObject({ body: { credentials: null } }); // prettier-ignore
      expect((await harness.manifest(slug))?.credentials).toBeUndefined();
      await change({ access: 'open' });
      expect(await change({ credentials: [{ gateway: slug, use: 'kept' }] })).toMatchObject({
        status: 400,
        body: open,
      });
      const twice = [...credentials, { gateway: slug, use: 'kept' }];
      expect(await change({ access: 'key', credentials: twice })).toMatchObject({ body: { credentials: [{ gateway: slug, use: 'kept' }] } }); // prettier-ignore
    });

    describe('that proxies refuse', () => {
      const AT = new Date().toISOString();
      let proxy: Awaited<ReturnType<typeof startBusApp>>;
      let second: Awaited<ReturnType<typeof harness.another>>;
      beforeAll(async () => {
        second = await harness.another();
        proxy = await startBusApp({ broker: harness.broker, service: 'proxy' });
      });
      afterAll(async () => {
        await proxy?.close();
        await second?.stop();
      });
      const tell = (refused: Partial<KeptCredentialRefused>) =>
        proxy.get(NoticePublisher).publish(KeptCredentialRefused, {
          ...{ gatewayId: id, keptRevision: 1, code: 'envelope_invalid', at: AT, proxy: 'a-host/0a' },
          ...refused,
        });
      /** Of the gateway, or of all. */
      const entries = async (target: string | null = id) => {
        const { rows } = await harness.sql.query<{ operation: string; actor: string; outcome: string; after: { code: string; keptRevision: number }; slug: string }>(
          `select operation, actor_kind || ' ' || actor_id || ' ' || actor_name as actor, outcome, after, target_slug as slug
           from audit_entry where outcome = 'refused' and ($1::text is null or target_id = $1) order by seq`, [target]); // prettier-ignore
        return rows;
      };

      it('has one entry for each gateway, revision and code, whoever and how many tell it', async () => {
        verifies('kept.refusals-audited');
        const proxies = ['a-host/0a', 'another-host/0b', 'a-host/0c'];
        for (const each of proxies) await tell({ proxy: each });
        await tell({ code: 'entry_older' });
        await tell({ keptRevision: 2, proxy: 'another-host/0b' });
        await tell({ gatewayId: randomUUID() });
        await expect.poll(async () => (await entries()).length).toBe(3);
        // They are written in their order: everything that was told before is done.
        await tell({ code: 'kept_key_unknown' });
        await expect.poll(async () => (await entries()).length).toBe(4);
        const written = await entries();
        const after = (code: string, keptRevision: number) => ({ code, keptRevision });
        expect(written.map((each) => each.after)).toEqual([
          ...[after('envelope_invalid', 1), after('entry_older', 1), after('envelope_invalid', 2)],
          after('kept_key_unknown', 1),
        ]);
        expect(written[0]).toMatchObject({ operation: 'keptCredentialRefused', outcome: 'refused', slug });
        expect(written[0]?.actor).toMatch(/^service proxy (a-host|another-host)\/0/);
        const query = `/audit?operation=keptCredentialRefused&target=${slug}`;
        const { items } = await harness.admin.ask<{ items: object[] }>('GET', query);
        expect(items).toHaveLength(4);
        const { out } = await harness.lethe(['audit', '--operation', 'keptCredentialRefused', '--target', slug]);
        expect(out).toContain('refused: entry_older');
        expect(await harness.admin.ask('GET', '/audit/verification')).toMatchObject({ state: 'intact' });
      });

      it('has none for the ordinary end by another configuration, which the gateway shows', async () => {
        await harness.admin.keep(id, CREDENTIAL);
        await harness.admin.ask('PATCH', `/gateways/${id}`, { passthroughHeaders: [{ header: 'X-Api-Key' }] });
        await harness.verified(id, [tool('a')]);
        await tell({ code: 'kept_unbound' });
        await tell({ code: 'kept_unbound', keptRevision: 2 });
        await expect.poll(async () => (await entries()).map(({ after }) => after.keptRevision)).toEqual([2]);
      });
    });

    describe('in a database that somebody else writes to', () => {
      beforeEach(async () => {
        verifies('tamper.database');
        await serve();
        await harness.admin.keep(id, CREDENTIAL);
        await harness.sql.query('drop table if exists earlier');
        await harness.sql.query('create temp table earlier as select * from kept_credential where gateway_id = $1', [
          id,
        ]);
      });
      /**
       * Waits until the newest entry of what the registry found, about the gateway or about nothing that it knows, is this one.
       * It is written after what it is about: until then the newest one may be of an earlier test.
       */
      const isNoted = (entry: object, target: string | null = id) =>
        eventually(async () => {
          const { rows } = await harness.sql.query<object>(
            `select * from audit_entry where operation = 'rowTampered' and target_id is not distinct from $1
             order by seq desc limit 1`,
            [target],
          );
          expect(rows).toMatchObject([entry]);
        });
      const republished = async () => {
        await harness.admin.ask('PATCH', `/servers/${slug}`, { description: `anew ${Math.random()}` });
        return (await harness.manifest(slug))?.gateways[0]?.credential;
      };

      it.each([
        ['the ciphertext', `sealed = 'a.b.c.d.e'`],
        ['the end', `expires_at = now() + interval '10 years'`],
        ['the revision', `kept_revision = 9`],
        ['the configuration', `config_revision = 9`],
        ['who asked for it', `kept_by = '{"kind":"registry","id":"registry","name":"registry"}'`],
      ])('is not said to be kept once it has changed %s, and nothing is signed over it', async (_what, change) => {
        await harness.sql.query(`update kept_credential set ${change} where gateway_id = $1`, [id]);
        expect((await shown()).kept?.state).toBe('tampered');
        expect(await republished()).toBeUndefined();
        await isNoted({ operation: 'rowTampered', actor_kind: 'registry', target_slug: slug, after: { table: 'kept_credential' } }); // prettier-ignore
        const refused = await harness.admin.request('GET', path());
        expect(refused).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
        await harness.admin.ask('DELETE', path());
        expect((await shown()).kept).toBeNull();
      });

      it('is deleted at proxies also if the row says that there is none', async () => {
        await harness.sql.query('update kept_credential set sealed = null, kept_revision = 0 where gateway_id = $1', [id]); // prettier-ignore
        expect((await shown()).kept).toBeNull();
        await harness.admin.ask('DELETE', path());
        await expect.poll(published).toMatchObject({ sealed: null });
      });

      it('is not said to be kept by an earlier row alone', async () => {
        await harness.admin.ask('DELETE', path());
        await harness.sql.query('delete from kept_credential where gateway_id = $1', [id]);
        await harness.sql.query('insert into kept_credential select * from earlier');
        expect(await republished()).toBeUndefined();
        await isNoted({ after: { table: 'kept_credential' } });
      });

      it('is not published again from an earlier row or entry', async () => {
        const earlier = await harness.sql.query<{ value: string }>('select value from published_snapshot where bucket = $1 and key = $2', [BUCKETS.kept, id]); // prettier-ignore
        await harness.admin.ask('DELETE', path());
        await expect.poll(published).toMatchObject({ sealed: null });
        await harness.sql.query('delete from kept_credential where gateway_id = $1', [id]);
        await harness.sql.query('insert into kept_credential select * from earlier');
        await harness.sql.query('update published_snapshot set value = $1, revision = 1 where bucket = $2 and key = $3', [earlier.rows[0]?.value, BUCKETS.kept, id]); // prettier-ignore
        expect(await republished()).toBe('kept');
        await sendAgain(earlier.rows[0]?.value ?? '');
        expect(await published()).toMatchObject({ sealed: null, keptRevision: 2 });
        await isNoted({ operation: 'rowTampered', after: { table: 'outbox_message', row: id } }, null); // prettier-ignore
      });
    });
  });
}

describe('a registry that keeps nothing, as it is by default', () => {
  let harness: RegistryHarness;
  beforeAll(async () => (harness = await RegistryHarness.start('embedded')));
  afterAll(() => harness?.stop());

  it('refuses every credential, and every server that would use one', async () => {
    verifies('kept.asked-for');
    const { id, slug } = await harness.gateway();
    await harness.verified(id, [tool('a')]);
    const path = `/gateways/${id}/kept-credential`;
    expect(await harness.admin.ask('GET', path)).toMatchObject({ kept: null, next: null, refused: 'keeping_off' });
    const { kid = '', jwk } = harness.trust.keptIdentity() ?? {};
    const target = { gatewayId: id, url: 'https://a.example', digest: 'd', configRevision: 1, keptRevision: 1 };
    const sealed = await sealKept({ ...target, kid, jwk: jwk!, exp: 0 }, CREDENTIAL, { now: new Date() });
    expect(await harness.admin.request('PUT', path, sealed)).toMatchObject({ status: 403, body: { code: 'keeping_off' } }); // prettier-ignore
    const server = { name: slug, include: [{ gateway: slug }], credentials: [{ gateway: slug, use: 'kept' }] };
    expect(await harness.admin.request('POST', '/servers', server)).toMatchObject({ status: 403, body: { code: 'keeping_off' } }); // prettier-ignore
    expect(await harness.admin.request('DELETE', path)).toMatchObject({ status: 200, body: { forgotten: null } });
  });
});

describe('a registry that hears of more refusals than the audit log takes', () => {
  let harness: RegistryHarness;
  beforeAll(async () => (harness = await RegistryHarness.start('embedded', ON)));
  afterAll(() => harness?.stop());

  it('notes so many of one gateway and of all in an hour, and every change of an administrator', async () => {
    verifies('kept.refusals-audited');
    const proxy = await startBusApp({ broker: harness.broker, service: 'proxy' });
    const gateways = await Promise.all(Array.from({ length: 8 }, () => harness.gateway()));
    const [first, second] = [gateways[0]!, gateways[1]!];
    const tell = (gatewayId: string, keptRevision: number) =>
      proxy.get(NoticePublisher).publish(KeptCredentialRefused, {
        ...{ gatewayId, keptRevision, code: 'entry_unsigned', at: new Date().toISOString(), proxy: 'a-host/0a' },
      });
    const count = async (target: string | null = null) => {
      const query = `select count(*) as n from audit_entry where outcome = 'refused' and ($1::text is null or target_id = $1)`;
      return Number((await harness.sql.query<{ n: string }>(query, [target])).rows[0]?.n);
    };
    for (let keptRevision = 1; keptRevision <= 30; keptRevision += 1) await tell(first.id, keptRevision);
    await tell(second.id, 99);
    await eventually(async () => expect(await count(second.id)).toBe(1));
    expect(await count(first.id)).toBe(20);
    for (const { id } of gateways) {
      for (let keptRevision = 1; keptRevision <= 15; keptRevision += 1) await tell(id, keptRevision);
    }
    await eventually(async () => expect(await count()).toBe(100));
    await tell(second.id, 1_000);
    await harness.admin.ask('PATCH', `/gateways/${second.id}`, { name: 'renamed' });
    const [newest] = (await harness.admin.ask<{ items: { operation: string }[] }>('GET', '/audit?limit=1')).items;
    expect([newest?.operation, await count()]).toEqual(['changeGateway', 100]);
    await proxy.close();
  });
});
