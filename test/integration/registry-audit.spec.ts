import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Entry {
  seq: number;
  at: string;
  actor: { kind: string; id: string; name: string; role?: string };
  operation: string;
  outcome: string;
  target: { kind: string; id: string; slug: string | null } | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  requestId: string | null;
  previousHash: string;
  hash: string;
}
interface Verification {
  state: string;
  entries: number;
  head: string;
  firstBroken: number | null;
  why: string | null;
  knownUntil: number | null;
}
interface Made {
  id: string;
}

/** Operations that change nothing, although they are no GET. */
const CHANGE_NOTHING = ['explainCall', 'probeUpstream'];
const FREE_TEXTS = ['name', 'description', 'instructions'];

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`the audit log over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => (harness = await RegistryHarness.start(kind, { LETHE_KEPT_CREDENTIALS: 'on' })));
    afterAll(() => harness?.stop());

    const ask = <T>(method: string, path: string, body?: unknown) => harness.admin.ask<T>(method, path, body);
    const entries = async (query: Record<string, string>) =>
      (await ask<{ items: Entry[] }>('GET', `/audit?${new URLSearchParams(query).toString()}`)).items;
    const verification = () => ask<Verification>('GET', '/audit/verification');
    const server = () =>
      ask<Made & { slug: string }>('POST', '/servers', { name: `s${randomBytes(4).toString('hex')}` });
    const key = () => ask<Made>('POST', '/keys', { name: 'k', servers: '*' });
    const admin = () => ask<Made & { token: string }>('POST', '/admins', { name: 'A', role: 'viewer' });
    /** A gateway with a result that waits for a review. */
    const held = async () => {
      const { id } = await harness.gateway({ drift: 'review' });
      await harness.verified(id, [tool('a')]);
      return { id, vid: (await harness.verified(id, [tool('b')])).id };
    };

    /** A gateway with a credential that proxies keep. */
    const keeping = async () => {
      const { id } = await harness.gateway();
      await harness.verified(id, [tool('a')]);
      await harness.admin.keep(id, { scheme: 'bearer', token: 'a-token-of-the-upstream' });
      return id;
    };

    /** How each changing operation is called so that it changes something. Whoever adds one adds a line. */
    const CALLS: Record<string, () => Promise<unknown>> = {
      'POST /v1/gateways': () => harness.gateway(),
      'PATCH /v1/gateways/{}': async () =>
        ask('PATCH', `/gateways/${(await harness.gateway()).id}`, { url: 'http://127.0.0.1:9/other' }),
      'DELETE /v1/gateways/{}': async () => ask('DELETE', `/gateways/${(await harness.gateway()).id}`),
      'POST /v1/gateways/{}/verifications': async () => harness.admin.startVerification((await harness.gateway()).id),
      'PUT /v1/gateways/{}/verifications/{}/credential': async () => harness.opened((await harness.gateway()).id),
      'POST /v1/gateways/{}/verifications/{}/apply': async () => {
        const { id, vid } = await held();
        await ask('POST', `/gateways/${id}/verifications/${vid}/apply`);
      },
      'POST /v1/gateways/{}/verifications/{}/reject': async () => {
        const { id, vid } = await held();
        await ask('POST', `/gateways/${id}/verifications/${vid}/reject`);
      },
      'POST /v1/gateways/{}/verifications/{}/cancel': async () => {
        const { id } = await harness.gateway();
        const { id: vid } = await harness.admin.startVerification(id);
        await ask('POST', `/gateways/${id}/verifications/${vid}/cancel`);
      },
      'PUT /v1/gateways/{}/kept-credential': keeping,
      'DELETE /v1/gateways/{}/kept-credential': async () =>
        ask('DELETE', `/gateways/${await keeping()}/kept-credential`),
      'POST /v1/servers': server,
      'POST /v1/import': () =>
        ask('POST', '/import', { apiVersion: 'lethe/v1', servers: [{ slug: 'imported', name: 'I' }] }),
      'PATCH /v1/servers/{}': async () => ask('PATCH', `/servers/${(await server()).id}`, { enabled: false }),
      'PATCH /v1/servers/{}/items': async () => {
        const { id: gateway } = await harness.gateway();
        const items = [{ gateway, kind: 'tool', name: 'a', enabled: false }];
        await ask('PATCH', `/servers/${(await server()).id}/items`, { items });
      },
      'DELETE /v1/servers/{}': async () => ask('DELETE', `/servers/${(await server()).id}`),
      'POST /v1/keys': key,
      'PATCH /v1/keys/{}': async () => ask('PATCH', `/keys/${(await key()).id}`, { roles: ['ops'] }),
      'POST /v1/keys/{}/rotate': async () => ask('POST', `/keys/${(await key()).id}/rotate`, {}),
      'DELETE /v1/keys/{}': async () => ask('DELETE', `/keys/${(await key()).id}`),
      'POST /v1/admins': admin,
      'PATCH /v1/admins/{}': async () => ask('PATCH', `/admins/${(await admin()).id}`, { role: 'editor' }),
      'DELETE /v1/admins/{}': async () => ask('DELETE', `/admins/${(await admin()).id}`),
      'POST /v1/admins/{}/rotate': async () => ask('POST', `/admins/${(await admin()).id}/rotate`, {}),
    };

    /** The operations of the OpenAPI document that change something, by method and path. */
    const changing = async () => {
      const { paths } = (await (await fetch(`${harness.url}/openapi.json`)).json()) as {
        paths: Record<string, Record<string, { operationId: string }>>;
      };
      const operations = Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).flatMap(([method, { operationId }]) =>
          path.startsWith('/v1/') && method !== 'get' && !CHANGE_NOTHING.includes(operationId)
            ? [[`${method.toUpperCase()} ${path.replaceAll(/\{[^}]*\}/g, '{}')}`, operationId] as const]
            : [],
        ),
      );
      return new Map<string, string>(operations);
    };

    it('is about every operation of the OpenAPI document that changes something', async () => {
      verifies('audit.complete');
      expect([...(await changing()).keys()].toSorted()).toEqual(Object.keys(CALLS).toSorted());
    });

    // Each is a test: one for all of them would go on after its time, and write entries during the tests after it.
    it.each(Object.entries(CALLS))('has an entry for %s', async (call, change) => {
      verifies('audit.complete');
      const operation = (await changing()).get(call) ?? '';
      const [last] = await entries({ limit: '1' });
      await change();
      const [entry] = (await entries({ operation })).filter(({ seq }) => seq > (last?.seq ?? 0));
      expect(entry).toMatchObject({
        actor: { kind: 'administrator', name: 'first administrator', role: 'admin' },
        outcome: 'done',
        requestId: expect.stringMatching(/./),
      });
      expect(entry!.before).not.toEqual(entry!.after);
    });

    it('says what something was and what it is', async () => {
      const { id, slug } = await server();
      await ask('PATCH', `/servers/${slug}`, { description: 'for tests' });
      await ask('DELETE', `/servers/${slug}`);
      const [removed, changed, created] = await entries({ target: id });
      expect(created).toMatchObject({ before: null, after: { slug, enabled: true, access: 'key' } });
      expect(changed).toMatchObject({ before: { description: null }, after: { description: 'for tests' } });
      expect(removed).toMatchObject({ before: { description: 'for tests' }, after: null });
      expect(new Set([created, changed, removed].map((entry) => entry!.target!.slug))).toEqual(new Set([slug]));
    });

    it('has no entry for what was refused, changed nothing, or was answered again', async () => {
      const { id, slug } = await server();
      await harness.admin.request('POST', '/servers', { name: slug, slug });
      await harness.admin.request('PATCH', `/servers/${id}`, { name: '' });
      await ask('PATCH', `/servers/${id}`, {});
      const key = { 'idempotency-key': randomUUID() };
      const gateway = { name: 'once', url: 'http://127.0.0.1:9/once' };
      const first = await harness.admin.ask<Made>('POST', '/gateways', gateway, key);
      await harness.admin.ask('POST', '/gateways', gateway, key);
      expect(await entries({ target: id })).toHaveLength(1);
      expect(await entries({ target: first.id })).toHaveLength(1);
    });

    it('changes nothing if the entry can not be written', async () => {
      verifies('audit.complete');
      await harness.sql.query(`alter table audit_entry add constraint full_disk check (actor_name is null) not valid`);
      const refused = await harness.admin.request('POST', '/servers', { name: 'x', slug: 'without-an-entry' });
      await harness.sql.query(`alter table audit_entry drop constraint full_disk`);
      expect(refused.status).toBe(503);
      expect((await harness.admin.request('GET', '/servers/without-an-entry')).status).toBe(404);
    });

    describe('without a request', () => {
      it('says that the first administrator was made', async () => {
        const made = await entries({ operation: 'administrator.created' });
        expect(made).toMatchObject([
          { actor: { kind: 'registry' }, requestId: null, after: { name: 'first administrator', role: 'admin' } },
        ]);
      });

      it('says how a verification ended, on behalf of who has opened it', async () => {
        const { id } = await harness.gateway();
        const { id: vid } = await harness.verified(id, [tool('a')]);
        const actor = { kind: 'administrator', name: 'first administrator' };
        const ended = await entries({ operation: 'verification.verified', target: vid });
        expect(ended).toMatchObject([{ actor, before: { state: 'running' }, after: { state: 'verified' } }]);
        const [served] = await entries({ operation: 'verification.verified', target: id });
        expect(served).toMatchObject({ actor, before: { state: 'unverified' }, after: { state: 'verified' } });
        const failed = await harness.opened(id);
        await harness.connector.fail(failed.id, 'upstream_unreachable');
        await harness.admin.finished(id, failed.id);
        expect(await entries({ operation: 'verification.failed', target: failed.id })).toMatchObject([{ actor }]);
      });

      it('says that a result waits for a review', async () => {
        const { id, vid } = await held();
        const [waiting] = await entries({ operation: 'verification.held', target: vid });
        expect(waiting).toMatchObject({
          after: { state: 'verified', review: 'drift', changes: { added: 1, removed: 1 } },
        });
        const [gateway] = await entries({ operation: 'verification.held', target: id });
        expect(gateway).toMatchObject({ before: { reviewVerification: null }, after: { reviewVerification: vid } });
      });

      it('says that a deadline has passed', async () => {
        const { id } = await harness.gateway();
        const { id: vid } = await harness.admin.startVerification(id);
        await harness.sql.query(`update verification set deadline = now() where id = $1`, [vid]);
        await harness.admin.finished(id, vid);
        const expired = await entries({ operation: 'verification.expired', target: vid });
        expect(expired).toMatchObject([{ actor: { name: 'first administrator' }, after: { state: 'expired' } }]);
      });
    });

    it('is read by actor, operation, target and time, page by page', async () => {
      const { id, slug } = await server();
      const [mine] = await entries({ target: slug });
      const by = mine!.actor.id;
      expect(await entries({ actor: by, limit: '1', target: id })).toHaveLength(1);
      expect(await entries({ actor: 'nobody' })).toEqual([]);
      expect((await entries({ target: 'server' })).every(({ target }) => target?.kind === 'server')).toBe(true);
      expect(await entries({ target: id, from: mine!.at })).toHaveLength(1);
      expect(await entries({ target: id, to: mine!.at })).toEqual([]);
      const seen: number[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const page: { items: Entry[]; nextCursor?: string } = await ask(
          'GET',
          `/audit?limit=7${cursor && `&cursor=${cursor}`}`,
        );
        seen.push(...page.items.map(({ seq }) => seq));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(Array.from({ length: seen.length }, (_, at) => seen.length - at));
      for (const wrong of ['cursor=x', 'from=yesterday', 'limit=0', 'actor=', 'other=1'])
        expect((await harness.admin.request('GET', `/audit?${wrong}`)).status).toBe(400);
    });

    it('is exported as JSON lines, each with the hash of the one before it', async () => {
      const { headers, lines } = await exported();
      expect(headers.get('content-type')).toBe('application/x-ndjson');
      expect(lines.length).toBeGreaterThan(10);
      for (const [at, line] of lines.entries())
        expect([line.seq, line.previousHash]).toEqual([at + 1, lines[at - 1]?.hash ?? '0'.repeat(64)]);
      const part = await exported(`?from=${lines[3]!.at}&to=${lines[8]!.at}`);
      expect(part.lines.every(({ at }) => at >= lines[3]!.at && at < lines[8]!.at)).toBe(true);
    });

    const exported = async (query = '') => {
      const headers = { authorization: `Bearer ${harness.admin.token}` };
      const response = await fetch(`${harness.url}/v1/audit/export${query}`, { headers });
      const text = await response.text();
      const lines = text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Entry); // prettier-ignore
      return { headers: response.headers, lines };
    };

    it('is one chain, whoever writes at the same time', async () => {
      const { id } = await server();
      const names = Array.from({ length: 20 }, (_, at) => `name ${at}`);
      await Promise.all(names.map((name) => ask('PATCH', `/servers/${id}`, { name })));
      expect(await entries({ target: id })).toHaveLength(21);
      expect(await verification()).toMatchObject({ state: 'intact', firstBroken: null, why: null });
    });

    it('has no secret, whichever field it was sent in', async () => {
      verifies('audit.no-secret');
      const canary = () => `ghp_${randomBytes(18).toString('hex')}`;
      const secrets: string[] = [];
      const secret = (text = canary()) => (secrets.push(text), text);
      for (const field of FREE_TEXTS) {
        await harness.admin.request('POST', '/gateways', { name: 'g', url: 'http://127.0.0.1:9/c', [field]: secret() });
        const { id } = await server();
        expect((await harness.admin.request('PATCH', `/servers/${id}`, { [field]: secret() })).status).toBe(400);
      }
      const { id: gateway } = await harness.gateway();
      await harness.admin.request('PATCH', `/gateways/${gateway}`, { tags: [secret()], tlsCa: secret() });
      await harness.admin.request('POST', '/keys', { name: secret(), servers: '*' });
      await harness.admin.request('POST', '/admins', { name: secret(`Bearer ${canary()}`), role: 'viewer' });
      const { key: caller } = await ask<{ key: string }>('POST', '/keys', { name: 'k', servers: '*' });
      const { id: other, token } = await ask<Made & { token: string }>('POST', '/admins', {
        name: 'O',
        role: 'viewer',
      });
      const rotated = await ask<{ token: string }>('POST', `/admins/${other}/rotate`, { overlapSeconds: 60 });
      await new Admin(harness.url, token).request('POST', '/admins', { name: secret(), role: 'viewer' });
      const headers = { 'idempotency-key': secret() };
      await harness.admin.ask('POST', '/gateways', { name: 'h', url: 'http://127.0.0.1:9/h' }, headers);
      const verification = await harness.admin.startVerification(gateway, {});
      const sealed = await harness.admin.seal(verification, { scheme: 'bearer', token: secret() });
      await harness.admin.putCredential(verification, sealed);
      // Texts of an upstream are in an entry, too.
      const facts = { ...FACTS, instructions: `Send ${secret()} with each call` };
      await harness.connector.verify(verification.id, { items: [tool('a')], facts });
      await harness.admin.finished(gateway, verification.id);
      for (const text of [harness.admin.token, token, rotated.token, caller])
        secret(text.split('_').slice(3).join('_'));
      secret(sealed);
      const { rows } = await harness.sql.query<{ text: string }>(
        `select row_to_json(a)::text as text from audit_entry a`,
      );
      const found = secrets.filter((each) => rows.some(({ text }) => text.includes(each)));
      expect(found.length).toBe(0);
      expect(rows.some(({ text }) => text.includes('[credential]'))).toBe(true);
    });

    describe('in a database that somebody else can write to', () => {
      // What still waits would end at some time, and have an entry.
      beforeAll(() =>
        harness.sql.query(
          `update verification set state = 'expired' where state in ('awaiting_credential', 'running')`,
        ),
      );
      const known = () =>
        expect.poll(async () => {
          const { knownUntil, entries: count } = await verification();
          return knownUntil === count;
        }, { timeout: 5_000 }); // prettier-ignore

      it.each(['update audit_entry set seq = seq', 'delete from audit_entry', 'truncate audit_entry'])(
        'refuses %s',
        async (statement) => {
          verifies('audit.append-only');
          await expect(harness.sql.query(statement)).rejects.toThrow('audit_entry is append-only');
        },
      );

      const last = '(select max(seq) from audit_entry)';
      it.each([
        ['an entry in the middle is gone', 'delete from audit_entry where seq = 5', 5, 'missing'],
        ['the first is gone', 'delete from audit_entry where seq = 1', 1, 'missing'],
        ['one says something else', `update audit_entry set actor_name = 'his' where seq = 6`, 6, 'changed'],
        ['one has another time', `update audit_entry set at = at - interval '1 hour' where seq = 6`, 6, 'changed'],
        ['one has another content', `update audit_entry set after = '{}' where seq = 7`, 7, 'changed'],
        [
          'two have changed places',
          `update audit_entry set seq = case seq when 3 then -4 when 4 then -3 end where seq in (3, 4);
           update audit_entry set seq = -seq where seq < 0`,
          3,
          'changed',
        ],
        ['the last is gone', `delete from audit_entry where seq = ${last}`, 0, 'truncated'],
        ['the last ten are gone', `delete from audit_entry where seq > ${last} - 10`, -9, 'truncated'],
        ['all are gone', 'delete from audit_entry', 1, 'truncated'],
      ])('shows that %s', async (_what, sql, at, why) => {
        verifies('audit.tampering-visible');
        await known().toBe(true);
        const { entries: count, head } = await verification();
        await harness.sql.query(`create temp table kept as select * from audit_entry;
          alter table audit_entry disable trigger audit_entry_is_append_only`);
        await harness.sql.query(sql);
        const found = await verification();
        await harness.sql.query(`delete from audit_entry; insert into audit_entry select * from kept; drop table kept;
          alter table audit_entry enable trigger audit_entry_is_append_only`);
        expect(found).toMatchObject({ state: 'broken', firstBroken: at > 0 ? at : count + at, why });
        expect(await verification()).toMatchObject({ state: 'intact', entries: count, head });
      });

      it('shows that the last entry is gone as soon as it was written', async () => {
        verifies('audit.tampering-visible');
        // Whoever has the database can delete an entry in the transaction that writes it.
        await harness.sql.query(`alter table audit_entry disable trigger audit_entry_is_append_only;
          create table kept (like audit_entry);
          create function drop_last() returns trigger language plpgsql as
            $$ begin insert into kept values (new.*); delete from audit_entry where seq = new.seq; return null; end $$;
          create constraint trigger drops_last after insert on audit_entry deferrable initially deferred
            for each row execute function drop_last()`);
        const before = (await verification()).entries;
        await server();
        const found = await verification();
        await harness.sql.query(`drop trigger drops_last on audit_entry; drop function drop_last;
          insert into audit_entry select * from kept; drop table kept;
          alter table audit_entry enable trigger audit_entry_is_append_only`);
        expect(found).toMatchObject({ state: 'broken', firstBroken: before + 1, why: 'truncated' });
        expect(await verification()).toMatchObject({ state: 'intact', entries: before + 1 });
      });

      it('shows that the last entries were cut off and others written in their place', async () => {
        verifies('audit.tampering-visible');
        await known().toBe(true);
        await harness.sql.query(`create temp table kept as select * from audit_entry;
          alter table audit_entry disable trigger audit_entry_is_append_only;
          delete from audit_entry where seq > ${last} - 2`);
        await server();
        await server();
        await server();
        const found = await verification();
        await harness.sql.query(`delete from audit_entry; insert into audit_entry select * from kept; drop table kept;
          alter table audit_entry enable trigger audit_entry_is_append_only`);
        expect(found).toMatchObject({ state: 'broken', why: 'replaced' });
        const metrics = await (await fetch(`${harness.url}/metrics`)).text();
        expect(metrics).toMatch(/lethe_rows_tampered_total\{table="audit_entry"\} [1-9]/);
      });
    });
  });
}
