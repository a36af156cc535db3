import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import type { Admin } from '../support/admin.js';
import { isDatabaseAvailable } from '../support/database.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

type View = Record<string, unknown> & { id: string };
interface Entry {
  operation: string;
  before: View | null;
  after: View | null;
}

const AT_ONCE = 6;
const PASSTHROUGH = [{ header: 'Authorization' }, { header: 'X-Api-Key' }];

describe.skipIf(!isDatabaseAvailable('postgres'))('changes of administrators', () => {
  let harness: RegistryHarness;
  let other: { admin: Admin; stop: () => Promise<void> };
  beforeAll(async () => {
    harness = await RegistryHarness.start('postgres');
    other = await harness.another();
  });
  afterAll(async () => {
    await other?.stop();
    await harness?.stop();
  });

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    harness.admin.request<View>(method, path, body, headers);
  const read = (path: string) => harness.admin.ask<View>('GET', path);
  const make = async (path: string, body: object): Promise<string> =>
    `${path}/${(await harness.admin.ask<View>('POST', path, body)).id}`;
  const gateway = async (more: object = {}): Promise<string> => `/gateways/${(await harness.gateway({ ...more })).id}`;
  const server = (more: object = {}): Promise<string> =>
    make('/servers', { name: `s ${randomUUID().slice(0, 8)}`, ...more });
  const key = (): Promise<string> => make('/keys', { name: 'k', servers: '*', roles: ['a'] });
  const admin = (): Promise<string> => make('/admins', { name: 'A', role: 'viewer' });
  const entries = async (path: string) =>
    (await harness.admin.ask<{ items: Entry[] }>('GET', `/audit?target=${path.split('/').at(-1)}`)).items.toReversed();
  /** The request of each of two registries in turn, all at the same time. */
  const atOnce = (count: number, request: (by: Admin, n: number) => Promise<{ status: number }>) =>
    Promise.all(Array.from({ length: count }, (_, n) => request(n % 2 === 0 ? harness.admin : other.admin, n)));

  describe('that send back what they read', () => {
    it.each([
      ['a gateway', () => gateway(), { description: 'read' }],
      ['a virtual server', () => server(), { description: 'read' }],
      ['a key', key, { roles: ['b'] }],
      ['an administrator', admin, { role: 'editor' }],
    ])('change the one member of %s', async (_what, made, change) => {
      verifies('registry.read-modify-write');
      const path = await made();
      const view = await read(path);
      expect(await send('PATCH', path, view)).toMatchObject({ status: 200, body: view });
      const changed = await send('PATCH', path, { ...view, ...change });
      expect(changed).toMatchObject({ status: 200, body: change });
      expect(await entries(path)).toHaveLength(2);
    });

    it('may send everything that a verification has found, also after another one', async () => {
      verifies('registry.read-modify-write');
      const made = await harness.gateway({ limits: { breaker: { failures: 3, openSeconds: 4 } }, tlsCa: null });
      const facts = { ...FACTS, instructions: 'Send ghp_4nAryC4nAryC4nAryC4nAryC4nAryC4nAry1 with each call' };
      await harness.verified(made.id, [tool('a')], { facts });
      const items = [{ gateway: made.slug, kind: 'tool', name: 'a', as: 'b', description: 'c', enabled: true }];
      const grants = [
        { role: '*', names: ['b*'] },
        { role: 'ops', readOnly: true, gateways: [made.slug] },
      ];
      const path = await server({ items, include: [{ gateway: made.slug, kinds: ['tool'] }], grants });
      const views = [[`/gateways/${made.id}`, await read(`/gateways/${made.id}`)], [path, await read(path)]] as const; // prettier-ignore
      expect(JSON.stringify(views[0][1]['facts'])).toContain('4nAry');
      for (const [at, view] of views) expect((await send('PATCH', at, view)).status).toBe(200);
      await harness.verified(made.id, [tool('b'), tool('c')], { facts });
      for (const [at, view] of views) {
        expect((await send('PATCH', at, { ...view, description: 'new' })).status).toBe(200);
        expect(await read(at)).toMatchObject({ description: 'new' });
      }
    });

    it('keep a configuration that is pending', async () => {
      verifies('registry.read-modify-write');
      const { id } = await harness.gateway();
      const path = `/gateways/${id}`;
      await harness.verified(id, [tool('a')]);
      await harness.admin.ask('PATCH', path, { passthroughHeaders: PASSTHROUGH, url: 'http://127.0.0.1:9/new' });
      const view = await read(path);
      const change = { ...view, name: 'renamed', transport: 'sse' };
      expect(await send('PATCH', path, change)).toMatchObject({
        status: 200,
        body: {
          name: 'renamed',
          transport: view['transport'],
          pending: { url: 'http://127.0.0.1:9/new', transport: 'sse', passthroughHeaders: PASSTHROUGH },
        },
      });
      // Without what is pending, it is a change back.
      const { pending: _pending, ...without } = await read(path);
      expect((await send('PATCH', path, without)).body).toMatchObject({ pendingRevision: null });
    });

    it('keep what the rules for new values would refuse', async () => {
      verifies('registry.read-modify-write');
      const { id, slug } = await harness.gateway({ passthroughHeaders: PASSTHROUGH });
      const path = await server({ include: [{ gateway: slug }], shortForm: { 'X-Api-Key': slug } });
      await harness.admin.ask('PATCH', `/gateways/${id}`, { passthroughHeaders: [{ header: 'Authorization' }] });
      const view = await read(path);
      expect(view['shortForm']).toEqual({ 'X-Api-Key': slug });
      expect((await send('PATCH', path, { ...view, description: 'd' })).status).toBe(200);
      const twice = { ...(await read(path)), shortForm: { 'X-Api-Key': slug, 'x-api-key': slug } };
      expect((await send('PATCH', path, twice)).status).toBe(400);
      const expired = await admin();
      const expiresAt = new Date(Date.now() + 1_000).toISOString();
      await harness.admin.ask('PATCH', expired, { expiresAt });
      await expect.poll(() => Date.now(), { timeout: 5_000 }).toBeGreaterThan(Date.parse(expiresAt));
      expect(await send('PATCH', expired, { ...(await read(expired)), name: 'B' })).toMatchObject({
        status: 200,
        body: { expiresAt },
      });
    });

    it('are refused if they change a member that Lethe sets, which is named', async () => {
      verifies('registry.read-modify-write');
      const refused = async (path: string, body: object, fields: string[], headers = {}) => {
        const errors = fields.map((field) => ({ field, rule: 'read_only' }));
        const answer = await send('PATCH', path, body, headers);
        expect([path, answer]).toMatchObject([path, { status: 400, body: { code: 'invalid_request', errors } }]);
      };
      for (const [path, fields] of [
        [await gateway(), ['id', 'slug', 'createdAt']],
        [await server(), ['id', 'slug', 'path', 'createdAt']],
        [await key(), ['id', 'servers', 'createdAt']],
        [await admin(), ['id', 'createdAt']],
      ] as const) {
        const view = await read(path);
        for (const field of fields) await refused(path, { ...view, [field]: 'another' }, [field]);
      }
      const path = await gateway();
      const { status: _status, headers } = await send('GET', path);
      const view = await read(path);
      // Only who holds the present tag can't have read something older.
      const forged = { ...view, state: 'verified', configRevision: 7 };
      await refused(path, forged, ['state', 'configRevision'], { 'if-match': headers.get('etag') ?? '' });
      await refused(path, { name: 'n', state: 'verified' }, ['state']);
      expect((await send('PATCH', path, forged)).status).toBe(200);
      expect(await read(path)).toMatchObject({ state: 'unverified', configRevision: 1 });
      const unknown = await send('PATCH', path, { ...view, statee: 'x' });
      expect(unknown).toMatchObject({ status: 400, body: { errors: [{ field: 'statee', rule: 'unknown_field' }] } });
      const canary = 'ghp_4nAryC4nAryC4nAryC4nAryC4nAryC4nAry1';
      const leak = await send('PATCH', path, { ...view, facts: { instructions: canary } });
      expect(leak).toMatchObject({ status: 400, body: { code: 'credential_in_clear' } });
      expect(JSON.stringify(leak.body)).not.toContain('4nAry');
    });

    it('are also what `lethe edit` sends', async () => {
      const path = await gateway();
      const { slug, id } = await read(path);
      const same = await harness.lethe(['edit', String(slug), `id=${id}`, 'state=unverified', 'name=By the command']);
      expect(same).toMatchObject({ code: 0 });
      expect(await read(path)).toMatchObject({ name: 'By the command' });
      const other = await harness.lethe(['edit', String(slug), 'state=verified']);
      expect(other.code).not.toBe(0);
      expect(other.err).toContain('read_only');
    });
  });

  describe('at the same time, at two registries', () => {
    it.each([
      ['a gateway', () => gateway(), [{ name: 'n' }, { description: 'd' }, { tags: ['t'] }, { drift: 'review' }]],
      [
        'a virtual server',
        () => server(),
        [{ name: 'n' }, { description: 'd' }, { instructions: 'i' }, { eras: 'both' }],
      ],
      ['an administrator', admin, [{ name: 'n' }, { role: 'editor' }, { enabled: false }]],
    ])('all survive if they are about different members of %s', async (_what, made, changes) => {
      verifies('registry.two-administrators');
      for (let round = 0; round < 3; round += 1) {
        const path = await made();
        const answers = await atOnce(changes.length, (by, n) => by.request('PATCH', path, changes[n]));
        expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
        expect(await read(path)).toMatchObject(Object.assign({}, ...changes));
        expect(await entries(path)).toHaveLength(1 + changes.length);
      }
    });

    it.each([
      ['a gateway', () => gateway(), (n: number) => ({ name: `name ${n}` })],
      ['a virtual server', () => server(), (n: number) => ({ name: `name ${n}` })],
      ['a key', key, (n: number) => ({ roles: [`role-${n}`] })],
      ['an administrator', admin, (n: number) => ({ name: `name ${n}` })],
    ])('are one after the other for the same member of %s, and the audit log has each', async (_what, made, change) => {
      verifies('registry.two-administrators');
      const path = await made();
      const answers = await atOnce(AT_ONCE, (by, n) => by.request('PATCH', path, change(n)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const all = await entries(path);
      expect(all).toHaveLength(1 + AT_ONCE);
      for (const [at, { before }] of all.entries()) if (at > 0) expect(before).toEqual(all[at - 1]!.after);
      const last: Partial<View> = all.at(-1)?.after ?? {};
      expect(await read(path)).toMatchObject({
        name: last['name'],
        ...(last['roles'] ? { roles: last['roles'] } : {}),
      });
      const wanted = all
        .slice(1)
        .map(({ after }) => JSON.stringify(Object.keys(change(0)).map((name) => after?.[name])));
      expect(new Set(wanted).size).toBe(AT_ONCE);
    });

    it.each([
      ['a gateway', () => gateway(), (n: number) => ({ name: `name ${n}` })],
      ['a virtual server', () => server(), (n: number) => ({ name: `name ${n}` })],
      ['a key', key, (n: number) => ({ roles: [`role-${n}`] })],
      ['an administrator', admin, (n: number) => ({ name: `name ${n}` })],
    ])('are refused but for one of those that hold the tag of %s', async (_what, made, change) => {
      verifies('registry.two-administrators');
      const path = await made();
      const headers = { 'if-match': (await send('GET', path)).headers.get('etag') ?? '' };
      const changes = await atOnce(AT_ONCE, (by, n) => by.request('PATCH', path, change(n), headers));
      expect(changes.map(({ status }) => status).toSorted()).toEqual([200, ...changes.slice(1).map(() => 412)]);
      expect(await send('DELETE', path, undefined, headers)).toMatchObject({ status: 412 });
      const now = { 'if-match': (await send('GET', path)).headers.get('etag') ?? '' };
      const deletions = await atOnce(AT_ONCE, (by) => by.request('DELETE', path, undefined, now));
      expect(deletions.map(({ status }) => status).toSorted()).toEqual([204, ...deletions.slice(1).map(() => 404)]);
    });

    it('decide about one review once', async () => {
      verifies('registry.two-administrators');
      const { id } = await harness.gateway({ drift: 'review' });
      await harness.verified(id, [tool('a')]);
      const { id: vid } = await harness.verified(id, [tool('b'), tool('c')]);
      const path = `/gateways/${id}/verifications/${vid}`;
      const etag = (await send('GET', `${path}/diff`)).headers.get('etag') ?? '';
      const one = { items: [{ kind: 'tool', name: 'b' }] };
      const answers = await atOnce(AT_ONCE, (by, n) =>
        by.request('POST', `${path}/${n % 3 === 0 ? 'apply' : 'reject'}`, one, { 'if-match': etag }),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...answers.slice(1).map(() => 412)]);
      const first = answers.find(({ status }) => status === 200);
      const tag = first && 'headers' in first && first.headers instanceof Headers ? first.headers.get('etag') : null;
      const two = { items: [{ kind: 'tool', name: 'c' }] };
      expect(await send('POST', `${path}/apply`, two, { 'if-match': tag ?? '' })).toMatchObject({ status: 200 });
    });

    it('make one of what is named alike', async () => {
      verifies('registry.two-administrators');
      for (const [path, body] of [
        ['/gateways', { name: 'One', slug: 'one-of-many', url: 'http://127.0.0.1:9/one' }],
        ['/servers', { name: 'One', slug: 'one-of-many' }],
      ] as const) {
        const answers = await atOnce(AT_ONCE, (by) => by.request('POST', path, body));
        expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...answers.slice(1).map(() => 409)]);
      }
    });
  });

  describe('that are repeated', () => {
    const repeated: [method: string, at: () => Promise<string>, body?: object][] = [
      ['POST', () => Promise.resolve('/gateways'), { name: 'Again', url: 'http://127.0.0.1:9/again' }],
      ['POST', () => Promise.resolve('/servers'), { name: 'Again' }],
      ['POST', () => Promise.resolve('/keys'), { name: 'Again', servers: '*' }],
      ['POST', () => Promise.resolve('/admins'), { name: 'Again', role: 'viewer' }],
      ['PATCH', () => gateway(), { name: 'Again' }],
      ['PATCH', () => server(), { name: 'Again' }],
      ['PATCH', key, { roles: ['again'] }],
      ['PATCH', admin, { name: 'Again' }],
      ['DELETE', () => gateway()],
      ['DELETE', () => server()],
      ['DELETE', key],
      ['DELETE', admin],
    ];
    it.each(repeated)('are done once: %s', async (method, at, body) => {
      verifies('registry.retries');
      const path = await at();
      const headers = { 'idempotency-key': randomUUID() };
      const before =
        (await harness.admin.ask<{ items: { seq: number }[] }>('GET', '/audit?limit=1')).items[0]?.seq ?? 0;
      const answers = await atOnce(AT_ONCE, (by) => by.request(method, path, body, headers));
      expect(answers.filter(({ status }) => status >= 300 && status !== 409)).toEqual([]);
      const done = answers.find(({ status }) => status < 300);
      const again = await other.admin.request(method, path, body, headers);
      // A secret is shown once.
      if (path === '/keys' || path === '/admins') expect(again.body).toMatchObject({ code: 'secret_shown_once' });
      else expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([done?.status, 'true']);
      const after = (await harness.admin.ask<{ items: { seq: number }[] }>('GET', '/audit?limit=1')).items[0]?.seq ?? 0;
      expect(after).toBe(before + 1);
    });

    it('are not done again after the registry has ended between the change and its answer', async () => {
      verifies('registry.retries');
      const headers = { 'idempotency-key': randomUUID() };
      const body = { name: 'Survivor', slug: 'survivor', url: 'http://127.0.0.1:9/survivor' };
      await harness.sql.query(
        `alter table keyed_request add constraint no_answer check (status is distinct from 201) not valid`,
      );
      const first = await send('POST', '/gateways', body, headers);
      await harness.sql.query(`alter table keyed_request drop constraint no_answer`);
      await harness.sql.query(`update keyed_request set created_at = created_at - interval '2 minutes'`);
      const again = await other.admin.request('POST', '/gateways', { ...body }, headers);
      expect([first.status, again]).toMatchObject([201, { status: 409, body: { code: 'answer_lost' } }]);
    });

    it('with another query are other requests', async () => {
      verifies('registry.retries');
      const { id, slug } = await harness.gateway();
      await server({ include: [{ gateway: slug }] });
      const headers = { 'idempotency-key': randomUUID() };
      expect((await send('DELETE', `/gateways/${id}?force=true`, undefined, headers)).status).toBe(204);
      expect(await send('DELETE', `/gateways/${id}`, undefined, headers)).toMatchObject({ status: 422 });
    });
  });
});
