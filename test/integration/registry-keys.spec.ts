import { randomUUID } from 'node:crypto';
import { BUCKETS, type CallerEntry, KeysUsed, RoutesApplied } from '@lethe/contracts';
import { NoticePublisher } from '@lethe/messaging';
import { readSettings, type RunningService } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { legacy } from '../support/proxy/rpc.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Key {
  id: string;
  name: string;
  state: string;
  key: string;
  roles: string[];
  servers: string[] | '*';
  expiresAt: string | null;
  replaces: string | null;
  replacedBy: string | null;
  lastUsedAt: string | null;
  lastServerId: string | null;
  createdAt: string;
}
interface Page {
  items: Key[];
  nextCursor?: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`callers' keys, from the registry over ${kind} to the proxy`, () => {
    let harness: RegistryHarness;
    let proxy: RunningService;
    let server: { id: string; slug: string };

    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      proxy = await aProxy();
      server = await ask('POST', '/servers', { name: 'Keys', slug: 'keys' });
    });
    afterAll(async () => {
      await proxy?.close();
      await harness?.stop();
    });

    const aProxy = () => {
      const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
      return startProxy({ settings, bus: { broker: harness.broker, service: 'proxy' }, trust: harness.trust });
    };
    const ask = <T>(method: string, path: string, body?: object, headers?: Record<string, string>) =>
      harness.admin.ask<T>(method, path, body, headers);
    const refused = (method: string, path: string, body?: object) => harness.admin.request(method, path, body);
    const issue = (more: object = {}) => ask<Key>('POST', '/keys', { name: 'k', servers: [server.slug], ...more });
    const read = (id: string) => ask<Key>('GET', `/keys/${id}`);
    const rotate = (id: string, body: object = {}) => ask<Key>('POST', `/keys/${id}/rotate`, body);
    const idsOf = ({ items }: Page) => items.map(({ id }) => id);
    const answer = async (key: string, { url } = proxy) => {
      const headers = { authorization: `Bearer ${key}` };
      const { status, body } = await legacy(`${url}/servers/${server.slug}/mcp`, 'ping', {}, headers);
      return status === 200 ? 'ok' : String(body.error.data['why']);
    };
    const answers = (key: string, expected: string) => eventually(async () => expect(await answer(key)).toBe(expected));
    const operations = async (target: string) =>
      (await ask<{ items: { operation: string }[] }>('GET', `/audit?target=${target}`)).items.map(
        ({ operation }) => operation,
      );
    const moved = (id: string, ends: string | null) =>
      harness.sql.query('update caller_key set ends_at = $2 where id = $1', [id, ends]);

    it('are replaced by a key with the same rights, and work beside it for as long as was asked for', async () => {
      verifies('keys.rotated');
      const old = await issue({ name: 'CI', roles: ['eng'] });
      const headers = { 'idempotency-key': randomUUID() };
      const made = await ask<Key>('POST', `/keys/${old.id}/rotate`, { overlapSeconds: 3 }, headers);
      expect(made).toMatchObject({
        name: 'CI',
        roles: ['eng'],
        servers: [server.id],
        replaces: old.id,
        replacedBy: null,
      });
      expect(made.id).not.toBe(old.id);
      const again = await harness.admin.request('POST', `/keys/${old.id}/rotate`, { overlapSeconds: 3 }, headers);
      expect(again).toMatchObject({ status: 409, body: { code: 'secret_shown_once', id: made.id } });
      const pair = await read(old.id);
      expect(pair).toMatchObject({ state: 'active', replaces: null, replacedBy: made.id });
      expect(Date.parse(pair.expiresAt ?? '') - Date.now()).toBeLessThan(3_000);
      await answers(made.key, 'ok');
      expect(await answer(old.key)).toBe('ok');
      await answers(old.key, 'key_expired');
      expect(await answer(made.key)).toBe('ok');
      expect(await read(old.id)).toMatchObject({ state: 'expired' });
      expect(await operations(old.id)).toEqual(['rotateKey', 'createKey']);
      expect(await operations(made.id)).toEqual(['rotateKey']);
    });

    it('overlap a day unless another time is given, and are revoked at once without one', async () => {
      verifies('keys.rotated');
      const first = await issue({ expiresAt: inDays(90) });
      const second = await rotate(first.id);
      const left = Date.parse((await read(first.id)).expiresAt ?? '') - Date.now();
      expect(Math.abs(left - DAY_MS)).toBeLessThan(60_000);
      // It lives as long as the first one was made for.
      expect(Math.abs(Date.parse(second.expiresAt ?? '') - Date.parse(inDays(90)))).toBeLessThan(60_000);
      const third = await rotate(second.id, { overlapSeconds: 0, expiresAt: null });
      expect(third).toMatchObject({ replaces: second.id, expiresAt: null });
      await answers(third.key, 'ok');
      await answers(second.key, 'key_revoked');
      expect((await refused('GET', `/keys/${second.id}`)).status).toBe(404);
      for (const body of [{ overlapSeconds: -1 }, { overlapSeconds: 30 * 86_400 + 1 }, { expiresAt: inDays(-1) }])
        expect((await refused('POST', `/keys/${third.id}/rotate`, body)).status).toBe(400);
      expect((await refused('POST', `/keys/${'0'.repeat(16)}/rotate`, {})).status).toBe(404);
    });

    it('are replaced once, unless the other key was revoked; what has expired can be replaced, too', async () => {
      verifies('keys.rotated');
      const old = await issue({ expiresAt: inDays(1) });
      const made = await rotate(old.id);
      const twice = await refused('POST', `/keys/${old.id}/rotate`, {});
      expect(twice).toMatchObject({ status: 409, body: { code: 'key_replaced', id: made.id } });
      await ask('DELETE', `/keys/${made.id}`);
      const next = await rotate(old.id, { overlapSeconds: 1 });
      await answers(old.key, 'key_expired');
      await ask('DELETE', `/keys/${next.id}`);
      const end = (await read(old.id)).expiresAt;
      await answers((await rotate(old.id)).key, 'ok');
      expect((await read(old.id)).expiresAt).toBe(end);
    });

    it('change their roles together with those that they were rotated from and to', async () => {
      verifies('keys.rotated');
      const first = await issue({ roles: ['eng'] });
      const second = await rotate(first.id);
      const third = await rotate(second.id);
      const published = async ({ id }: Key) => {
        const entry = harness.published(BUCKETS.callers, id) ?? '';
        return (await harness.trust.verify<CallerEntry>('caller', entry)).roles;
      };
      expect(await ask('PATCH', `/keys/${second.id}`, { roles: ['ops'] })).toMatchObject({ roles: ['ops'] });
      for (const each of [first, second, third]) {
        expect((await read(each.id)).roles).toEqual(['ops']);
        await eventually(async () => expect(await published(each)).toEqual(['ops']));
        await answers(each.key, 'ok');
      }
      expect(await operations(third.id)).toEqual(['changeKey', 'rotateKey']);
      await ask('PATCH', `/keys/${first.id}`, { roles: [] });
      expect((await read(third.id)).roles).toEqual([]);
    });

    it('change their roles and have one successor also where a key in between is revoked', async () => {
      verifies('keys.rotated');
      const first = await issue({ roles: ['eng'] });
      const second = await rotate(first.id);
      const third = await rotate(second.id, { overlapSeconds: 0 });
      await ask('PATCH', `/keys/${third.id}`, { roles: [] });
      expect((await read(first.id)).roles).toEqual([]);
      const again = await refused('POST', `/keys/${first.id}/rotate`, {});
      expect(again).toMatchObject({ status: 409, body: { code: 'key_replaced', id: third.id } });
    });

    it('end earlier when their expiry is brought forward, and never later than they were made for', async () => {
      verifies('keys.end-earlier');
      const first = inDays(10);
      const { id, key } = await issue({ expiresAt: first });
      const change = (body: object) => refused('PATCH', `/keys/${id}`, body);
      const rules = async (body: object) => {
        const { status, body: told } = await change(body);
        return [status, (told as { errors?: { rule: string }[] }).errors?.[0]?.rule];
      };
      expect(await rules({ expiresAt: inDays(11) })).toEqual([400, 'first_expiry']);
      expect(await rules({ expiresAt: inDays(-1) })).toEqual([400, 'in_future']);
      expect(await rules({ servers: '*' })).toEqual([400, 'read_only']);
      const sooner = inDays(2);
      expect((await change({ expiresAt: sooner, name: 'renamed' })).body).toMatchObject({
        expiresAt: sooner,
        name: 'renamed',
      });
      expect((await change({ expiresAt: sooner })).status).toBe(200);
      expect(await operations(id)).toEqual(['changeKey', 'createKey']);
      expect((await change({ expiresAt: null })).body).toMatchObject({ expiresAt: first });
      await change({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
      await answers(key, 'key_expired');
      const ended = await read(id);
      expect(ended.state).toBe('expired');
      expect(await rules({ expiresAt: sooner })).toEqual([400, 'has_expired']);
      // What was read can be sent back.
      expect((await change({ expiresAt: ended.expiresAt, name: 'again' })).status).toBe(200);
      const explained = await ask('POST', `/servers/${server.id}/explain`, { kind: 'tool', name: 'x', key: id });
      expect(JSON.stringify(explained)).toContain('key_expired');
    });

    it('do not change when somebody writes to PostgreSQL', async () => {
      verifies('keys.end-earlier');
      verifies('grants.tampered-changes-nothing');
      const [{ id }, other] = [await issue(), await issue({ roles: ['admins'] })];
      await ask('PATCH', `/keys/${id}`, { expiresAt: inDays(1) });
      await moved(id, null);
      for (const [method, path, body] of [
        ['PATCH', `/keys/${id}`, { roles: ['eng'] }],
        ['POST', `/keys/${id}/rotate`, {}],
      ] as const)
        expect((await refused(method, path, body)).body).toMatchObject({ code: 'row_tampered' });
      await harness.sql.query('update caller_key set replaces = $2 where id = $1', [other.id, (await issue()).id]);
      expect((await refused('PATCH', `/keys/${other.id}`, { roles: [] })).body).toMatchObject({ code: 'row_tampered' });
      await ask('DELETE', `/keys/${id}`);
      // Nor does a link lead roles to a key that was not rotated, nor is a revoked key valid again.
      const [rotated, stranger] = [await issue({ roles: ['admins'] }), await issue()];
      const next = await rotate(rotated.id, { overlapSeconds: 60 });
      await harness.sql.query('update caller_key set replaces = $2 where id = $1', [rotated.id, stranger.id]);
      const same = await refused('PATCH', `/keys/${next.id}`, { roles: ['admins'] });
      expect(same.body).toMatchObject({ code: 'row_tampered' });
      expect((await read(stranger.id)).roles).toEqual([]);
      const revoked = await issue();
      await ask('DELETE', `/keys/${revoked.id}`);
      await harness.sql.query('update caller_key set revoked_at = null where id = $1', [revoked.id]);
      const revived = await refused('PATCH', `/keys/${revoked.id}`, { roles: ['admins'] });
      expect(revived.body).toMatchObject({ code: 'row_tampered' });
      await answers(revoked.key, 'key_revoked');
    });

    it('are not given an end that a proxy of an earlier release would ignore', async () => {
      verifies('keys.end-earlier');
      const { id } = await issue();
      const bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
      const note = (more: object) =>
        bus
          .get(NoticePublisher)
          .publish(RoutesApplied, Object.assign(new RoutesApplied(), { proxy: 'an-old-host/1', applied: [], ...more }));
      await note({});
      const outdated = { status: 409, body: { code: 'proxies_outdated', proxies: ['an-old-host'] } };
      await eventually(async () =>
        expect(await refused('PATCH', `/keys/${id}`, { expiresAt: inDays(1) })).toMatchObject(outdated),
      );
      expect(await refused('POST', `/keys/${id}/rotate`, {})).toMatchObject(outdated);
      expect((await refused('PATCH', `/keys/${id}`, { name: 'n', roles: ['eng'] })).status).toBe(200);
      // A revocation is known to all of them.
      await rotate(id, { overlapSeconds: 0 });
      await note({ isLeaving: true });
      await bus.close();
    });

    it('tell when they were used last, and for what; no entry in the audit log is made of it', async () => {
      verifies('keys.last-use');
      const { id, key } = await issue();
      expect(await read(id)).toMatchObject({ lastUsedAt: null, lastServerId: null });
      const replica = await aProxy();
      await eventually(async () => expect(await answer(key, replica)).toBe('ok'));
      await replica.close();
      await eventually(async () => expect(await read(id)).toMatchObject({ lastServerId: server.id }));
      const { lastUsedAt } = await read(id);
      expect(Math.abs(Date.parse(lastUsedAt ?? '') - Date.now())).toBeLessThan(60_000);
      expect(idsOf(await ask<Page>('GET', '/keys?limit=1000'))).toContain(id);
      expect(await operations(id)).toEqual(['createKey']);
    });

    it('keep the latest use that any proxy told, and write it once a minute at most', async () => {
      verifies('keys.last-use');
      const ids = [(await issue()).id, (await issue()).id];
      const bus = await startBusApp({ broker: harness.broker, service: 'proxy' });
      const told = (agoMs: number, more: object = {}) =>
        bus
          .get(NoticePublisher)
          .publish(
            KeysUsed,
            Object.assign(new KeysUsed(), { keyIds: ids, at: new Date(Date.now() - agoMs).toISOString(), ...more }),
          );
      const last = async () => Promise.all(ids.map(async (id) => (await read(id)).lastUsedAt));
      const minutesAgo = async () =>
        (await last()).map((at) => at && Math.round((Date.now() - Date.parse(at)) / 60_000));
      await told(600_000, {
        keyIds: [...ids, 'x', '0'.repeat(16)],
        serverIds: [server.id, "'; drop table admin"],
      });
      await eventually(async () => expect(await minutesAgo()).toEqual([10, 10]));
      expect((await read(ids[0]!)).lastServerId).toBe(server.id);
      expect((await read(ids[1]!)).lastServerId).toBeNull();
      await told(1_200_000);
      await told(300_000);
      await eventually(async () => expect(await minutesAgo()).toEqual([5, 5]));
      // From a clock that is wrong: nothing was used in the future.
      await told(-86_400_000);
      await eventually(async () => expect(await minutesAgo()).toEqual([0, 0]));
      const before = await last();
      const another = (await issue()).id;
      await told(0);
      await told(0, { keyIds: [another] });
      await eventually(async () => expect((await read(another)).lastUsedAt).not.toBeNull());
      expect(await last()).toEqual(before);
      await bus.close();
    });

    it('are listed by state, role and virtual server, page by page', async () => {
      const { id, slug } = await ask<{ id: string; slug: string }>('POST', '/servers', { name: 'Listed' });
      const mine: string[] = [];
      for (const more of [{ roles: ['lister'] }, { roles: ['lister', 'b'] }, {}, { servers: '*', roles: ['lister'] }])
        mine.push((await issue({ servers: [id], ...more })).id);
      const list = async (query: string) => idsOf(await ask<Page>('GET', `/keys?limit=1000&${query}`));
      expect(await list('role=lister')).toEqual([mine[0], mine[1], mine[3]]);
      const ofServer = await list(`server=${slug}`);
      expect(ofServer.filter((each) => mine.includes(each))).toEqual(mine);
      expect(await list(`server=${id}`)).toEqual(ofServer);
      expect(await list(`server=${slug}&role=b`)).toEqual([mine[1]]);
      await ask('PATCH', `/keys/${mine[1]}`, { expiresAt: new Date(Date.now() + 300).toISOString() });
      await eventually(async () => expect(await list('role=lister&state=expired')).toEqual([mine[1]]));
      expect(await list('role=lister&state=active')).toEqual([mine[0], mine[3]]);
      const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
      const ending = await issue({ servers: [id], roles: ['ender'], expiresAt: inDays(10) });
      await issue({ servers: [id], roles: ['ender'] });
      expect(await list(`role=ender&endsBefore=${inDays(11)}`)).toEqual([ending.id]);
      expect(await list(`role=ender&endsBefore=${inDays(9)}`)).toEqual([]);
      const seen: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: Page = await ask('GET', `/keys?limit=1&role=lister${cursor && `&cursor=${cursor}`}`);
        seen.push(...idsOf(page));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual([mine[0], mine[1], mine[3]]);
      for (const wrong of ['state=revoked', 'role=*', 'server=nobody-has-this', 'endsBefore=soon', 'other=1'])
        expect((await refused('GET', `/keys?${wrong}`)).status).toBe(400);
    });
  });
}
