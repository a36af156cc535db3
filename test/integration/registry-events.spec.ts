import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, type RunningService } from '@lethe/platform';
import { Agent, type Dispatcher, EventSource, MessageEvent } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startRegistry } from '../../apps/registry/src/registry.app.js';
import { verifies } from '../requirements.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { runLethe } from '../support/run-lethe.js';
import { EventReader } from '../support/registry/event-reader.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Made {
  id: string;
  slug: string;
  key: string;
  token: string;
}

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`events over ${kind}`, () => {
    let harness: RegistryHarness;
    const readers: EventReader[] = [];
    beforeAll(async () => (harness = await RegistryHarness.start(kind, { LETHE_UNREAD_TIMEOUT_SECONDS: '2' })));
    afterEach(() => {
      for (const reader of readers.splice(0)) reader.close();
    });
    afterAll(() => harness?.stop());

    const read = async (options: Parameters<typeof EventReader.open>[2] = {}, token = harness.admin.token) => {
      const reader = await EventReader.open(harness.url, token, options);
      readers.push(reader);
      return reader;
    };
    const ask = (method: string, path: string, body?: object) => harness.admin.ask<Made>(method, path, body);
    const admin = (role: string) => ask('POST', '/admins', { name: role, role });
    const untilType = (reader: EventReader, type: string) =>
      expect.poll(() => reader.types, { timeout: 5_000 }).toContain(type);
    const server = (name: string) => ask('POST', '/servers', { name });

    it('tell what changes and how verifications go on, without a secret', async () => {
      verifies('registry.events');
      const reader = await read();
      const gateway = await harness.gateway({ drift: 'review', slug: 'told' });
      await harness.verified(gateway.id, [tool('a')]);
      const held = await harness.verified(gateway.id, [tool('b')]);
      await ask('POST', `/gateways/told/verifications/${held.id}/apply`);
      const failed = await harness.opened('told');
      await harness.connector.fail(failed.id, 'upstream_unreachable');
      await harness.admin.finished('told', failed.id);
      const { slug } = await server('a server');
      await ask('PATCH', `/servers/${slug}`, { enabled: false });
      const key = await ask('POST', '/keys', { name: 'k', servers: '*' });
      await ask('DELETE', `/keys/${key.id}`);
      const editor = await admin('editor');
      const rotated = await ask('POST', `/admins/${editor.id}/rotate`, {});
      await ask('DELETE', `/gateways/told`);
      await untilType(reader, 'gateway.deleted');
      const told = (name: string) => reader.types.filter((type) => type.startsWith(name));
      expect(told('verification')).toEqual([
        ...['verification.begun', 'verification.running', 'verification.verified'],
        ...['verification.begun', 'verification.running', 'verification.held', 'verification.reviewed'],
        ...['verification.begun', 'verification.running', 'verification.failed'],
      ]);
      expect(told('gateway')).toEqual([
        'gateway.registered',
        'gateway.verified',
        'gateway.changed',
        'gateway.verified',
        'gateway.deleted',
      ]);
      expect(told('server')).toEqual(['server.created', 'server.changed']);
      expect(told('key')).toEqual(['key.issued', 'key.revoked']);
      expect(told('administrator')).toEqual(['administrator.created', 'administrator.rotated']);
      const ids = reader.events.map(({ id }) => Number(id));
      expect(ids).toEqual(ids.toSorted((one, other) => one - other));
      expect(reader.events.find(({ type }) => type === 'verification.failed')?.data).toEqual({
        id: expect.any(Number),
        type: 'verification.failed',
        at: expect.stringMatching(/Z$/),
        actor: { kind: 'administrator', id: expect.any(String) },
        target: { kind: 'verification', id: failed.id, slug: 'told' },
        gatewayId: gateway.id,
        attempt: 3,
        revision: 1,
        state: 'failed',
        code: 'upstream_unreachable',
      });
      for (const secret of [key.key, editor.token, rotated.token, harness.admin.token, 'a-token-of-the-upstream'])
        expect(reader.text).not.toContain(secret.slice(-20));
    });

    it('go on where a client stopped, as often as it likes', async () => {
      verifies('registry.events');
      const first = await read();
      await server('before');
      await untilType(first, 'server.created');
      first.close();
      const names = Array.from({ length: 30 }, (_, n) => `while away ${n}`);
      for (const name of names) await server(name);
      const lastEventId = first.events.at(-1)!.id;
      for (const options of [{ lastEventId }, { query: `?lastEventId=${lastEventId}` }]) {
        const again = await read(options);
        await expect.poll(() => again.events.length).toBe(names.length);
        const ids = again.events.map(({ id }) => Number(id));
        expect(ids).toEqual(names.map((_, n) => Number(lastEventId) + 1 + n));
      }
      const all = await read({ lastEventId: '0' });
      await expect.poll(() => all.events.length).toBeGreaterThan(names.length);
    });

    it('begin with the id to go on from, also before anything happened', async () => {
      const reader = await read();
      const { id = '' } = /^id: (?<id>\d+)$/m.exec(reader.text)?.groups ?? {};
      reader.close();
      await server('right after');
      const again = await read({ lastEventId: id });
      await untilType(again, 'server.created');
      expect(again.events).toHaveLength(1);
    });

    it('say so where they can not go on', async () => {
      const reader = await read({ lastEventId: '999999999999999' });
      await untilType(reader, 'reset');
      await server('after a reset');
      await untilType(reader, 'server.created');
      const wrong = await read({ lastEventId: '1 or 2' });
      expect([wrong.response.status, await wrong.response.json()]).toMatchObject([400, { code: 'header_illegal' }]);
      expect((await harness.admin.request('GET', '/events?lastEventId=-1')).status).toBe(400);
    });

    it('are about one thing, if that is asked for', async () => {
      const [gateway, keys] = [await read({ query: '?target=only-this' }), await read({ query: '?target=key' })];
      await harness.gateway({ slug: 'another' });
      await harness.gateway({ slug: 'only-this' });
      const { id } = await ask('POST', '/keys', { name: 'k', servers: '*' });
      await untilType(keys, 'key.issued');
      await untilType(gateway, 'gateway.registered');
      expect(gateway.events.map(({ data }) => data['target'])).toMatchObject([{ slug: 'only-this' }]);
      expect(keys.events.map(({ data }) => data['target'])).toMatchObject([{ id }]);
    });

    it('about administrators are for the role admin, and for whom they are about', async () => {
      const viewer = await admin('viewer');
      const reader = await read({}, viewer.token);
      await admin('editor');
      await ask('PATCH', `/admins/${viewer.id}`, { name: 'renamed' });
      await server('seen by all');
      await untilType(reader, 'server.created');
      expect(reader.types).toEqual(['administrator.changed', 'server.created']);
    });

    it('end within 2 s when their administrator is revoked, and follow a new role', async () => {
      verifies('registry.events-end');
      const [other, deleted] = [await admin('admin'), await admin('viewer')];
      const [lowered, ends] = [await read({}, other.token), await read({}, deleted.token)];
      await ask('DELETE', `/admins/${deleted.id}`);
      await expect.poll(() => ends.ended, { timeout: 2_000 }).toBe('whole');
      await ask('PATCH', `/admins/${other.id}`, { role: 'viewer' });
      await untilType(lowered, 'administrator.changed');
      await eventually(async () => {
        const seen = lowered.events.length;
        await admin('editor');
        const { id } = await server('seen by all');
        await eventually(() => expect(lowered.events.at(-1)?.data).toMatchObject({ target: { id } }));
        expect(lowered.types.slice(seen)).toEqual(['server.created']);
      }, 2_000);
    });

    it('are at most eight streams of an administrator', async () => {
      const viewer = await admin('viewer');
      const open = [];
      for (let n = 0; n < 8; n += 1) open.push(await read({}, viewer.token));
      const ninth = await read({}, viewer.token);
      expect([ninth.response.status, await ninth.response.json()]).toMatchObject([
        429,
        { code: 'too_many_streams', max: 8 },
      ]);
      expect((await read()).response.status).toBe(200);
      open[0]!.close();
      await expect.poll(async () => (await read({}, viewer.token)).response.status).toBe(200);
    });

    it('are printed by lethe events', async () => {
      const first = await read();
      const { id } = await server('printed');
      await untilType(first, 'server.created');
      const since = String(Number(first.events.at(-1)!.id) - 1);
      const { out, code } = await harness.lethe(['events', '--since', since, '--limit', '1']);
      expect([code, out]).toEqual([0, expect.stringMatching(/^\S+Z +server\.created +server printed/)]);
      const json = await harness.lethe(['events', '--since', since, '--target', id, '--limit', '1', '--json']);
      expect(JSON.parse(json.out)).toMatchObject({ type: 'server.created', target: { id } });
      const env = { LETHE_URL: harness.url, LETHE_TOKEN: `${harness.admin.token}x` };
      expect((await runLethe(['events'], env, harness.home)).code).toBe(3);
    });

    it('have the form that the HTML standard defines, and answer a request for their head', async () => {
      const authorize: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) =>
        dispatch({ ...options, headers: { ...withoutIterator(options.headers), authorization: `Bearer ${harness.admin.token}` } }, handler); // prettier-ignore
      const dispatcher = new Agent().compose(authorize);
      const source = new EventSource(`${harness.url}/v1/events`, { node: { dispatcher } });
      const opened = new Promise((resolve) => source.addEventListener('open', resolve));
      const event = new Promise<MessageEvent>((resolve) =>
        source.addEventListener('server.created', (came) => {
          if (came instanceof MessageEvent) resolve(came);
        }),
      );
      await opened;
      // A stream begins at the event that is the last one then.
      const timer = setInterval(() => void server('for a browser'), 200);
      const { lastEventId, data } = await event;
      clearInterval(timer);
      expect(JSON.parse(data)).toMatchObject({ id: Number(lastEventId), type: 'server.created' });
      source.close();
      const head = await fetch(`${harness.url}/v1/events`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${harness.admin.token}` },
      });
      expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    });
  });
}

function withoutIterator(headers: unknown): Record<string, string> {
  return typeof headers === 'object' && headers !== null && !Array.isArray(headers) ? { ...headers } : {};
}

describe.skipIf(!isDatabaseAvailable('postgres'))('events of several registries', () => {
  let harness: RegistryHarness;
  let other: RunningService;
  let isClosed = false;
  const home = mkdtempSync(join(tmpdir(), 'lethe-registry-'));
  beforeAll(async () => {
    harness = await RegistryHarness.start('postgres', { LETHE_UNREAD_TIMEOUT_SECONDS: '2' });
    const settings = readSettings({ LETHE_HOME: home, REGISTRY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
    const bus = { broker: harness.broker, service: 'registry' };
    other = await startRegistry({ settings, bus, trust: harness.trust, databaseUrl: harness.database.url });
  });
  afterAll(async () => {
    if (!isClosed) await other?.close();
    await harness?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const server = (name: string) => harness.admin.ask('POST', '/servers', { name });

  it('are the same everywhere, and go on at another registry', async () => {
    verifies('registry.events');
    const here = await EventReader.open(harness.url, harness.admin.token);
    const there = await EventReader.open(other.url, harness.admin.token);
    await Promise.all(Array.from({ length: 20 }, (_, n) => server(`at once ${n}`)));
    await expect.poll(() => there.events.length).toBe(20);
    expect(there.events).toEqual(here.events);
    const lastEventId = here.events[9]!.id;
    here.close();
    const goesOn = await EventReader.open(other.url, harness.admin.token, { lastEventId });
    await expect.poll(() => goesOn.events).toEqual(there.events.slice(10));
    for (const reader of [there, goesOn]) reader.close();
  });

  it('are cut for a client that does not read, and not for others', async () => {
    verifies('registry.events-end');
    const { port } = new URL(harness.url);
    const deaf = connect(Number(port), '127.0.0.1').pause();
    deaf.write(
      `GET /v1/events?lastEventId=0 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${harness.admin.token}\r\n\r\n`,
    );
    deaf.on('error', () => undefined);
    await harness.sql.query(
      `insert into audit_entry select n, now(), 'registry', 'registry', 'registry', null, 'x', 'done', 'server', n::text,
          repeat('s', 250), null, '{}', null, '', '' from generate_series(100001, 200000) n`,
    );
    const metric = async () =>
      /lethe_registry_connections_ended_total\{why="unread"\} (\d+)/.exec(
        await (await fetch(`${harness.url}/metrics`)).text(),
      )?.[1];
    await expect.poll(metric, { timeout: 20_000 }).toBe('1');
    deaf.destroy();
    const reader = await EventReader.open(harness.url, harness.admin.token, { lastEventId: '199990' });
    await expect.poll(() => reader.events.length).toBe(10);
    reader.close();
  });

  it('end at once when the registry ends', async () => {
    verifies('registry.events-end');
    const reader = await EventReader.open(other.url, harness.admin.token);
    const start = performance.now();
    isClosed = true;
    const closing = other.close();
    await expect.poll(() => reader.ended).toBe('whole');
    await closing;
    expect(performance.now() - start).toBeLessThan(3_000);
  });
});
