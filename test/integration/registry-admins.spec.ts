import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface AdminView {
  id: string;
  name: string;
  role: string;
  enabled: boolean;
  expiresAt: string | null;
  previousTokenUntil: string | null;
  lastUsedAt: string | null;
  createdBy: { kind: string; name: string } | null;
  token: string;
}

const ROLES = ['viewer', 'editor', 'admin'] as const;
type Role = (typeof ROLES)[number];

/** What every operation needs that is neither a GET for viewers nor a change for editors. */
const NEEDS_ADMIN = new Set([
  ...['createAdmin', 'listAdmins', 'getAdmin', 'changeAdmin', 'removeAdmin', 'rotateAdmin', 'exportAudit'],
  ...['keepCredential', 'listSettings'],
]);
/** Asks without changing anything, so it needs no editor. */
const ASKS = new Set(['explainCall']);
const NOBODY = '0123456789abcdef';
/** Addresses for documentation, RFC 5737; each test has its own. */
let host = 0;
const anAddress = () => `192.0.2.${(host += 1)}`;

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`administrators over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => (harness = await RegistryHarness.start(kind, { LETHE_TRUSTED_PROXIES: '127.0.0.1' })));
    afterAll(() => harness?.stop());

    const make = (more: object = {}) =>
      harness.admin.ask<AdminView>('POST', '/admins', { name: 'A', role: 'admin', ...more });
    const as = (token: string) => new Admin(harness.url, token);
    const me = (token: string, headers: Record<string, string> = {}) =>
      as(token).request<{ why?: string; role?: string; code?: string }>('GET', '/admins/me', undefined, headers);
    const view = (id: string) => harness.admin.ask<AdminView>('GET', `/admins/${id}`);
    const firstId = () => harness.admin.token.split('_')[2]!;

    it('are made with a role, shown without a token, and know who they are', async () => {
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      const made = await make({ name: 'CI', role: 'editor', expiresAt });
      expect(made.token).toMatch(new RegExp(`^lethe_admin_${made.id}_[\\w-]{43}$`));
      const { token: _token, ...shown } = made;
      expect(await view(made.id)).toEqual(shown);
      expect(shown).toMatchObject({ enabled: true, expiresAt, createdBy: { kind: 'administrator' } });
      const { body } = await me(made.token);
      expect(body).toEqual({ kind: 'administrator', id: made.id, name: 'CI', role: 'editor', expiresAt });
      await expect.poll(async () => (await view(made.id)).lastUsedAt).not.toBeNull();
      const { items } = await harness.admin.ask<{ items: AdminView[] }>('GET', '/admins?limit=1');
      expect(items).toHaveLength(1);
    });

    it('are noted as seen once a minute, not at every request', async () => {
      const { id, token } = await make({ role: 'viewer' });
      await me(token);
      await expect.poll(async () => (await view(id)).lastUsedAt).not.toBeNull();
      const { lastUsedAt } = await view(id);
      for (let at = 0; at < 5; at += 1) await me(token);
      expect((await view(id)).lastUsedAt).toBe(lastUsedAt);
    });

    it.each([
      { role: 'owner' },
      { role: undefined },
      { name: '' },
      { name: 'n'.repeat(121) },
      { expiresAt: 'soon' },
      { expiresAt: '2020-01-01T00:00:00Z' },
      { token: 'lethe_admin_0123456789abcdef_x' },
    ])('are not made with %j', async (wrong) => {
      const refused = await harness.admin.request('POST', '/admins', { name: 'A', role: 'admin', ...wrong });
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    });

    it('with a lower role than an operation needs are refused, told which, and recorded', async () => {
      verifies('admin.roles');
      const tokens = new Map<Role, string>();
      for (const role of ROLES) tokens.set(role, (await make({ role })).token);
      const { paths } = (await (await fetch(`${harness.url}/openapi.json`)).json()) as {
        paths: Record<string, Record<string, { operationId: string }>>;
      };
      const problems: string[] = [];
      for (const [path, methods] of Object.entries(paths).filter(([each]) => each.startsWith('/v1/')))
        for (const [method, { operationId }] of Object.entries(methods)) {
          const needed = NEEDS_ADMIN.has(operationId)
            ? 'admin'
            : method === 'get' || ASKS.has(operationId)
              ? 'viewer'
              : 'editor';
          for (const role of ROLES) {
            const { status, body } = await callAs(tokens.get(role)!, method, path);
            const isRefused = status === 403 && body?.['code'] === 'role_required' && body['role'] === needed;
            const mustBe = ROLES.indexOf(role) < ROLES.indexOf(needed);
            if (isRefused !== mustBe || (!mustBe && status >= 500)) problems.push(`${role} ${operationId}: ${status}`);
          }
        }
      expect(problems).toEqual([]);
      const { items } = await harness.admin.ask<{ items: { outcome: string; actor: object }[] }>(
        'GET',
        '/audit?operation=exportAudit',
      );
      expect(items).toHaveLength(2);
      expect(items[0]).toMatchObject({ outcome: 'role_required', actor: { kind: 'administrator', role: 'editor' } });
    });

    /** Calls an operation for something that does not exist. What is streamed is not read to its end. */
    const callAs = async (token: string, method: string, path: string) => {
      const at = path.replace(/^\/v1/, '').replaceAll(/\{[^}]*\}/g, NOBODY);
      if (at.endsWith('/export') || at === '/events') {
        const headers = { authorization: `Bearer ${token}` };
        const response = await fetch(`${harness.url}${path}`, { headers });
        if (!response.ok) return { status: response.status, body: (await response.json()) as Record<string, unknown> };
        await response.body?.cancel();
        return { status: response.status, body: undefined };
      }
      const body = method === 'get' || method === 'delete' ? undefined : {};
      const { status, body: answer } = await as(token).request(method.toUpperCase(), at, body);
      return { status, body: answer as Record<string, unknown> | undefined };
    };

    it('with a lower role do not read what others did to administrators', async () => {
      verifies('admin.roles');
      const viewer = await make({ role: 'viewer' });
      const { items } = await as(viewer.token).ask<{ items: { target: { kind: string; id: string } | null }[] }>(
        'GET',
        '/audit',
      );
      const about = items.flatMap(({ target }) => (target?.kind === 'administrator' ? target.id : []));
      expect(new Set(about)).toEqual(new Set([viewer.id]));
    });

    it('are changed at once, and not when somebody else was faster', async () => {
      const { id, token } = await make({ role: 'viewer' });
      const read = await harness.admin.request('GET', `/admins/${id}`);
      const match = { 'if-match': read.headers.get('etag')! };
      const change = { role: 'admin', name: 'B' };
      expect((await harness.admin.request('PATCH', `/admins/${id}`, change, match)).body).toMatchObject(change);
      expect((await harness.admin.request('PATCH', `/admins/${id}`, change, match)).status).toBe(412);
      expect((await as(token).request('GET', '/admins')).status).toBe(200);
      await harness.admin.ask('PATCH', `/admins/${id}`, { role: 'viewer' });
      expect((await as(token).request('GET', '/admins')).status).toBe(403);
    });

    it('that are off, have expired or were deleted are refused, and told why if they hold the token', async () => {
      const address = { 'x-forwarded-for': anAddress() };
      const { id, token } = await make({ role: 'viewer' });
      await harness.admin.ask('PATCH', `/admins/${id}`, { enabled: false });
      expect(await me(token, address)).toMatchObject({ status: 401, body: { why: 'administrator_disabled' } });
      const guess = `${token.slice(0, -4)}AAAA`;
      expect(await me(guess, address)).toMatchObject({ status: 401, body: { why: 'administrator_unknown' } });
      const expiresAt = new Date(Date.now() + 1_500).toISOString();
      await harness.admin.ask('PATCH', `/admins/${id}`, { enabled: true, expiresAt });
      expect((await me(token, address)).status).toBe(200);
      await expect
        .poll(async () => (await me(token)).body.why, { interval: 300, timeout: 5_000 })
        .toBe('administrator_expired');
      await harness.admin.ask('PATCH', `/admins/${id}`, { expiresAt: null });
      expect((await me(token, address)).status).toBe(200);
      await harness.admin.ask('DELETE', `/admins/${id}`);
      expect(await me(token, address)).toMatchObject({ status: 401, body: { why: 'administrator_unknown' } });
    });

    it('have a new token at once, and the old one as long as was asked for', async () => {
      verifies('admin.rotation');
      const address = { 'x-forwarded-for': anAddress() };
      const rotate = (id: string, body?: object) =>
        harness.admin.request<AdminView>('POST', `/admins/${id}/rotate`, body);
      const { id, token } = await make({ role: 'viewer' });
      const { body: second, headers } = await rotate(id, { overlapSeconds: 2 });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(second.previousTokenUntil).not.toBeNull();
      expect([(await me(token)).status, (await me(second.token)).status]).toEqual([200, 200]);
      await expect.poll(async () => (await me(token, address)).status, { interval: 400, timeout: 4_000 }).toBe(401);
      expect((await view(id)).previousTokenUntil).toBeNull();
      const { body: third } = await rotate(id, {});
      expect([(await me(second.token)).status, (await me(third.token)).status]).toEqual([401, 200]);
      // Of two rotations with an overlap, the first token ends with the second rotation.
      const { body: fourth } = await rotate(id, { overlapSeconds: 604_800 });
      const { body: fifth } = await rotate(id, { overlapSeconds: 604_800 });
      const statuses = [third, fourth, fifth].map(async ({ token: each }) => (await me(each)).status);
      expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
      for (const overlapSeconds of [604_801, -1, 1.5, '1'])
        expect((await rotate(id, { overlapSeconds })).status).toBe(400);
      expect((await rotate(NOBODY, {})).status).toBe(404);
      // A body is optional.
      expect((await rotate(id)).status).toBe(200);
    });

    it('keep one who may let others in again', async () => {
      verifies('admin.last-one-stays');
      const { items } = await harness.admin.ask<{ items: AdminView[] }>('GET', '/admins?limit=1000');
      for (const { id } of items.filter(({ id: each }) => each !== firstId()))
        await harness.admin.ask('DELETE', `/admins/${id}`);
      const path = `/admins/${firstId()}`;
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const refused = [
        await harness.admin.request('DELETE', path),
        await harness.admin.request('PATCH', path, { role: 'editor' }),
        await harness.admin.request('PATCH', path, { enabled: false }),
        await harness.admin.request('PATCH', path, { expiresAt }),
      ];
      for (const each of refused) expect(each).toMatchObject({ status: 409, body: { code: 'last_administrator' } });
      await make({ expiresAt });
      await make({ role: 'editor' });
      const { id: off } = await make();
      await harness.admin.ask('PATCH', `/admins/${off}`, { enabled: false });
      expect((await harness.admin.request('DELETE', path)).status).toBe(409);
      await harness.admin.ask('PATCH', `/admins/${off}`, { enabled: true });
      // Two who delete each other at the same time: one stays.
      const other = await harness.admin.ask<AdminView>('POST', `/admins/${off}/rotate`, {});
      const both = await Promise.all([
        harness.admin.request('DELETE', `/admins/${off}`),
        as(other.token).request('DELETE', path),
      ]);
      expect(both.map(({ status }) => status).toSorted().slice(0, 1)).toEqual([204]); // prettier-ignore
      const left = await harness.sql.query(`select id from admin where granted_role = 'admin' and expires_at is null`);
      expect(left.rowCount).toBe(1);
      // For the tests that follow.
      if (left.rows[0].id !== firstId()) await restoreFirst(other.token);
    });

    /** Makes the first administrator of the harness again, as another one with its token. */
    const restoreFirst = async (token: string) => {
      const made = await as(token).ask<AdminView>('POST', '/admins', { name: 'first administrator', role: 'admin' });
      Object.assign(harness.admin, { token: made.token });
    };

    describe('in a database that somebody else can write to', () => {
      it.each([
        ['role', `granted_role = 'admin'`],
        ['switch', 'enabled = true'],
        ['expiry', 'expires_at = null'],
        ['name', `name = 'first administrator'`],
        ['old token', `previous_until = now() + interval '1 day'`],
        ['version', 'version = version + 1'],
        ['token, with that of another', `token_mac = (select token_mac from admin where id <> $1 limit 1)`],
        ['codes, away', 'token_mac = null, row_mac = null'],
        [
          'codes, with those of another',
          `token_mac = a.token_mac, row_mac = a.row_mac, mac = a.mac from (select * from admin where id <> $1 limit 1) a`,
        ],
      ])('a row whose %s was changed is nobody’s', async (_what, change) => {
        verifies('admin.tampered-row');
        const { id, token } = await make({ role: 'viewer' });
        const { token: rotated } = await harness.admin.ask<AdminView>('POST', `/admins/${id}/rotate`, {
          overlapSeconds: 1,
        });
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
        await harness.admin.ask('PATCH', `/admins/${id}`, { enabled: false, expiresAt });
        const parameters = change.includes('$1') ? [id] : [];
        await harness.sql.query(`update admin set ${change} where admin.id = '${id}'`, parameters);
        const address = { 'x-forwarded-for': anAddress() };
        for (const each of [token, rotated]) expect((await me(each, address)).status).toBe(401);
        await harness.admin.ask('DELETE', `/admins/${id}`);
      });

      it.each(['at once', 'after the next start'])('an older row that is put back is nobody’s: %s', async (when) => {
        verifies('admin.tampered-row');
        const { id, token } = await make({ name: 'older' });
        const gone = await make({ name: 'gone' });
        await harness.sql.query(`drop table if exists backup; create temp table backup as select * from admin`);
        await harness.admin.ask('PATCH', `/admins/${id}`, { role: 'viewer' });
        const { token: rotated } = await harness.admin.ask<AdminView>('POST', `/admins/${id}/rotate`, {});
        await harness.admin.ask('DELETE', `/admins/${gone.id}`);
        await harness.sql.query(`delete from admin where id = $1`, [id]);
        const ids = [[id, gone.id]];
        await harness.sql.query(`insert into admin select * from backup where id = any ($1)`, ids);
        if (when !== 'at once') await harness.restart(harness.broker);
        for (const each of [token, rotated, gone.token]) {
          const address = { 'x-forwarded-for': anAddress() };
          expect(await me(each, address)).toMatchObject({ status: 401, body: { why: 'administrator_unknown' } });
        }
        const sealed = await harness.admin.request('PATCH', `/admins/${id}`, { name: 'sealed again' });
        expect(sealed).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
        await harness.sql.query(`delete from admin where id = any ($1)`, ids);
      });

      it('a row that was changed is not sealed by a change of something else', async () => {
        verifies('admin.tampered-row');
        const { id } = await make({ role: 'viewer' });
        await harness.sql.query(`update admin set granted_role = 'admin' where id = $1`, [id]);
        const renamed = await harness.admin.request('PATCH', `/admins/${id}`, { name: 'harmless' });
        expect(renamed).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
        const rotated = await harness.admin.request('POST', `/admins/${id}/rotate`, {});
        expect(rotated).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
      });
    });

    describe('whose tokens are wrong', () => {
      const wrong = (address: string, token = 'lethe_admin_x') => me(token, { 'x-forwarded-for': address });

      it('wait longer and longer, while a right token from the same address passes', async () => {
        verifies('admin.failures-wait');
        const address = anAddress();
        const statuses: number[] = [];
        for (let at = 0; at < 12; at += 1) statuses.push((await wrong(address)).status);
        expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
        const told = await wrong(address, harness.admin.token.slice(0, -1));
        expect(told).toMatchObject({ status: 429, body: { code: 'too_many_failures', why: 'administrator_unknown' } });
        expect(told.headers.get('retry-after')).toMatch(/^[12]$/);
        expect((await me(harness.admin.token, { 'x-forwarded-for': address })).status).toBe(200);
        expect((await wrong(anAddress())).status).toBe(401);
        expect((await wrong(address)).status).toBe(429);
        const metrics = await (await fetch(`${harness.url}/metrics`)).text();
        expect(metrics).toMatch(/lethe_registry_callers_refused_total\{why="too_many_failures"\} [4-9]/);
      });
    });
  });
}

describe.skipIf(!isDatabaseAvailable('postgres'))('the first administrator of a release without roles', () => {
  let harness: RegistryHarness;
  beforeAll(async () => (harness = await RegistryHarness.start('postgres')));
  afterAll(() => harness?.stop());

  it('is one with the role admin, can be changed, and is then unknown to that release', async () => {
    verifies('admin.roles');
    await harness.sql.query(`update admin set token_mac = null, row_mac = null, created_by = null`);
    const [, , id] = harness.admin.token.split('_');
    const { body } = await harness.admin.request<AdminView>('GET', `/admins/${id}`);
    expect(body).toMatchObject({ role: 'admin', enabled: true, createdBy: null });
    const mac = async () => (await harness.sql.query<{ mac: string }>(`select mac from admin`)).rows[0]!.mac;
    expect(await mac()).toMatch(/^[0-9a-f]{64}$/);
    await harness.admin.ask('PATCH', `/admins/${id}`, { name: 'renamed' });
    expect((await harness.admin.request('GET', '/admins/me')).body).toMatchObject({ name: 'renamed' });
    expect(await mac()).toBe('');
  });
});
