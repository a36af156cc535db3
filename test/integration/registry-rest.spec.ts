import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '@lethe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { type ApiDocument, bodyWith, textFields } from '../support/registry/text-fields.js';
import { verifies } from '../requirements.js';

const CANARY = 'canary-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRS';

for (const kind of DATABASE_KINDS) {
  const isAvailable = isDatabaseAvailable(kind);
  describe.skipIf(!isAvailable)(`the admin API over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => (harness = await RegistryHarness.start(kind)));
    afterAll(() => harness?.stop());

    const post = (path: string, body: unknown, headers = {}) => harness.admin.request('POST', path, body, headers);
    const url = 'http://127.0.0.1:9/mcp';

    it('accepts the first administrator and no others', async () => {
      verifies('admin.refusal-says-why');
      expect(statSync(join(harness.home, 'admin-token')).mode & 0o777).toBe(0o600);
      const { token } = harness.admin;
      const refused: [why: string, authorization: string | undefined][] = [
        ['no_authorization', undefined],
        ['not_an_administrator_token', 'Bearer x'],
        ['administrator_unknown', `Bearer ${token}x`],
        ['administrator_unknown', `Bearer ${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
        ['caller_key', `Bearer ${token.replace('admin', 'key')}`],
        ['scheme_not_bearer', `Basic ${token}`],
        ['scheme_missing', token],
        ['value_missing', 'Bearer'],
        ['value_malformed', `Bearer "${token}"`],
        ['unexpanded_variable', 'Bearer ${LETHE_ADMIN_TOKEN}'],
      ];
      for (const [why, authorization] of refused) {
        const answer = await fetch(`${harness.url}/v1/gateways`, { headers: authorization ? { authorization } : {} });
        const problem: { why: string; detail: string } = JSON.parse(await answer.text());
        expect([answer.status, problem.why]).toEqual([401, why]);
        expect(problem).toMatchObject({ code: 'unauthenticated', status: 401 });
        expect(problem.detail).toContain('Authorization header');
        expect(answer.headers.get('www-authenticate')).toMatch(
          /^Bearer realm="lethe", (?:hint|error="invalid_token", )/,
        );
        expect(answer.headers.get('www-authenticate')).toContain(`"${problem.detail}"`);
        expect(JSON.stringify(problem)).not.toContain(token.slice(-20, -1));
      }
      const metrics = await (await fetch(`${harness.url}/metrics`)).text();
      expect(metrics).toContain('lethe_registry_callers_refused_total{why="administrator_unknown"} 2');
    });

    it('refuses credentials in clear wherever metadata or sealed ones are asked for, without echo', async () => {
      verifies('credential.never-in-clear');
      const { id } = await harness.gateway();
      const verification = await harness.admin.startVerification(id);
      const path = `/gateways/${id}/verifications`;
      const put = (body: string, type: string) =>
        harness.admin.request('PUT', `${path}/${verification.id}/credential`, body, { 'content-type': type });
      const refused = [
        await post(path, { credential: { scheme: 'bearer', token: CANARY } }),
        await post(path, { token: CANARY }),
        await post('/gateways', { name: 'x', url, authToken: CANARY }),
        await post('/gateways', { name: 'x', url, passthroughHeaders: [{ header: 'Authorization', value: CANARY }] }),
        await post('/gateways', { name: `Bearer ${CANARY}`, url }),
        await harness.admin.request('PATCH', `/gateways/${id}`, { headers: { Authorization: CANARY } }),
        await put(JSON.stringify({ scheme: 'bearer', token: CANARY }), 'application/json'),
        await put(CANARY, 'text/plain'),
        await put(CANARY, 'application/jose'),
      ];
      for (const { status, body } of refused) {
        expect({ status, body }).toMatchObject({ status: 400, body: { code: 'credential_in_clear' } });
        expect(JSON.stringify(body)).not.toContain('canary');
      }
      const long = await put('a'.repeat(17 * 1024), 'application/jose');
      expect(long).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
      expect(await put(CANARY, 'application/octet-stream')).toMatchObject({ status: 415 });
      for (const table of ['gateway', 'gateway_config', 'verification', 'outbox_message']) {
        const { rows } = await harness.sql.query(`select * from ${table}`);
        expect(JSON.stringify(rows)).not.toContain('canary');
      }
    });

    it('refuses a credential in any text of any body, names the field, and repeats nothing', async () => {
      verifies('credential.never-in-clear');
      const document = (await (await fetch(`${harness.url}/openapi.json`)).json()) as ApiDocument;
      const fields: string[] = [];
      const canary = 'ghp_4nAryC4nAryC4nAryC4nAryC4nAryC4nAry1';
      for (const { method, path, texts } of textFields(document)) {
        for (const field of texts) {
          const at = path.replace(/^\/v1/, '').replaceAll(/\{\w+\}/g, 'nothing');
          const { status, body } = await harness.admin.request<object>(method, at, bodyWith(field, `It is ${canary}.`));
          const named = field.replaceAll('[]', '.0').replaceAll('{}', '.key');
          expect({ at, status, body }).toMatchObject({
            ...{ at, status: 400 },
            body: { code: 'credential_in_clear', errors: [{ field: named, rule: 'looks_like_credential' }] },
          });
          expect(JSON.stringify(body)).not.toMatch(/4nAry/);
          fields.push(`${method} ${at} ${field}`);
        }
      }
      // The document is not empty, and lists are looked into.
      expect(fields).toEqual(
        expect.arrayContaining([
          ...['POST /servers instructions', 'PATCH /servers/nothing items[].description', 'POST /keys name'],
          ...['POST /gateways description', 'PATCH /gateways/nothing tags[]', 'POST /servers include[].names[]'],
        ]),
      );
    });

    it('takes texts about credentials', async () => {
      const instructions =
        'Call with `Authorization: Bearer ${TOKEN}` or <token>; ids such as 550e8400-e29b-41d4-a716-446655440000';
      const { status } = await harness.admin.request('POST', '/servers', { name: 'Basic tools', instructions });
      expect(status).toBe(201);
    });

    it.each([
      ['http://user:secret@127.0.0.1:9/mcp', 'userinfo'],
      [`https://example.com/mcp?api_key=${CANARY}`, 'secret_in_query'],
      ['http://example.com/mcp', 'http_only_for_allowed_hosts'],
      ['https://10.0.0.1/mcp', 'private_address'],
      ['ftp://example.com/', 'scheme'],
    ])('refuses the URL %s by its rule (%s)', async (given, rule) => {
      const answer = await post('/gateways', { name: 'x', url: given });
      expect(answer).toMatchObject({ status: 400, body: { code: 'url_forbidden', rule } });
      expect(JSON.stringify(answer.body)).not.toMatch(/canary|secret@/);
    });

    it('answers a repeated request with its first answer, and does it once', async () => {
      const body = { name: 'Once', url };
      const headers = { 'idempotency-key': 'made-by-a-client-1' };
      const [first, second] = [
        await harness.admin.request<{ id: string }>('POST', '/gateways', body, headers),
        await harness.admin.request<{ id: string }>('POST', '/gateways', body, headers),
      ];
      expect([first.status, second.status]).toEqual([201, 201]);
      expect(second.body).toEqual(first.body);
      expect(second.headers.get('idempotency-replayed')).toBe('true');
      const other = await harness.admin.request('POST', '/gateways', { ...body, name: 'Other' }, headers);
      expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } });
      // A request that failed did nothing, so its key is free.
      const wrong = { 'idempotency-key': 'made-by-a-client-2' };
      expect((await harness.admin.request('POST', '/gateways', { name: 'x', url: 'ftp://x/' }, wrong)).status).toBe(
        400,
      );
      expect((await harness.admin.request('POST', '/gateways', { name: 'Two', url }, wrong)).status).toBe(201);
    });

    it('lets one of two equal requests at the same time do it', async () => {
      const headers = { 'idempotency-key': 'made-by-a-client-3' };
      const body = { name: 'Racing', url, slug: 'racing' };
      const answers = await Promise.all([1, 2, 3].map(() => harness.admin.request('POST', '/gateways', body, headers)));
      expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
      expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
      const { rows } = await harness.sql.query(`select id from gateway where slug = 'racing'`);
      expect(rows).toHaveLength(1);
    });

    it('refuses mappings of headers that route, frame or describe', async () => {
      for (const header of [
        'Host',
        'Cookie',
        'Connection',
        'Mcp-Session-Id',
        'X-Forwarded-For',
        'X-Upstream-',
        'a_b',
      ]) {
        const answer = await post('/gateways', { name: 'x', url, passthroughHeaders: [{ header }] });
        expect(answer).toMatchObject({ status: 400, body: { code: 'mapping_forbidden', index: 0 } });
      }
    });

    it('takes tokens that are bound to a key together with their proofs', async () => {
      const bound = { header: 'Authorization', scheme: 'dpop', required: true };
      const alone = await post('/gateways', { name: 'x', url, passthroughHeaders: [bound] });
      const refused = { code: 'mapping_forbidden', index: 0, rule: 'dpop_scheme' };
      expect(alone).toMatchObject({ status: 400, body: refused });
      const passthroughHeaders = [bound, { header: 'DPoP', required: true }];
      const both = await post('/gateways', { name: 'x', url: `${url}/bound`, passthroughHeaders });
      expect(both).toMatchObject({ status: 201, body: { passthroughHeaders } });
    });

    it('takes a header that an upstream reads for its own upstreams, which never has a short form', async () => {
      const passthroughHeaders = [{ header: 'Authorization' }, { header: 'X-Upstream-Authorization', required: true }];
      await harness.admin.createGateway({ name: 'Front', slug: 'front', url, passthroughHeaders });
      const server = { name: 'Front', slug: 'front', include: [{ gateway: 'front' }] };
      const { body } = await post('/servers', server);
      expect(body['shortForm']).toEqual({ Authorization: 'front' });
      const shortForm = { 'X-Upstream-Authorization': 'front' };
      expect(await post('/servers', { ...server, slug: 'short', shortForm })).toMatchObject({ status: 400 });
    });

    it('refuses unknown fields and values by rule, and echoes neither', async () => {
      const answer = await post('/gateways', { name: 7, url, drift: 'canary', 'odd-field': 'canary' });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'invalid_request' });
      expect(answer.body['errors']).toEqual(
        expect.arrayContaining([
          { field: 'name', rule: 'string' },
          { field: 'drift', rule: 'one_of', allowed: ['auto', 'review'] },
          { field: 'odd-field', rule: 'unknown_field', known: expect.arrayContaining(['passthroughHeaders', 'drift']) },
        ]),
      );
      expect(JSON.stringify(answer.body)).not.toContain('canary');
      expect(
        (await harness.admin.request('PATCH', `/gateways/${(await harness.gateway()).id}`, { name: null })).status,
      ).toBe(400);
    });

    it('stores texts as they are, and refuses those that have no form', async () => {
      for (const name of [`'; drop table gateway; --`, `\\'"? ?? $1 :x \\x27`, 'Ünï\u2028 code 😀']) {
        const made = await harness.admin.createGateway({ name, url, description: name });
        expect(await harness.admin.ask('GET', `/gateways/${made.id}`)).toMatchObject({
          name,
          description: name,
        });
        expect(await post('/gateways', { name: 'a', url, tags: [name] })).toMatchObject({
          status: 400,
          body: { code: 'invalid_request', errors: [{ field: 'tags', rule: 'pattern' }] },
        });
      }
      for (const name of ['a\0b', 'a\ud800b']) {
        expect(await post('/gateways', { name, url })).toMatchObject({
          status: 400,
          body: { code: 'invalid_request' },
        });
      }
    });

    it('never assigns a slug twice that a caller may have used', async () => {
      verifies('registry.slug-once');
      const { id } = await harness.gateway({ slug: 'once-only' });
      await harness.verified(id, [tool('a')]);
      expect(await post('/gateways', { name: 'x', slug: 'once-only', url })).toMatchObject({
        status: 409,
        body: { code: 'slug_taken' },
      });
      await harness.admin.ask('DELETE', `/gateways/${id}`);
      expect(await post('/gateways', { name: 'x', slug: 'once-only', url })).toMatchObject({ status: 409 });
      expect((await harness.admin.request('GET', '/gateways/once-only')).status).toBe(404);
      const made = await Promise.all([1, 2, 3].map(() => harness.admin.createGateway({ name: 'Once Only', url })));
      expect(new Set(made.map(({ slug }) => slug)).size).toBe(3);
    });

    it('gives the slug of a deleted gateway again if it was never verified', async () => {
      verifies('registry.slug-once');
      const mistaken = await harness.gateway({ slug: 'mistaken' });
      const { id: vid } = await harness.opened(mistaken.id);
      await harness.admin.ask('DELETE', '/gateways/mistaken');
      // The handshake goes on, and its result finds no gateway.
      await harness.connector.verify(vid, { items: [tool('a')] });
      const again = await harness.gateway({ slug: 'mistaken' });
      await harness.verified(again.id, [tool('b')]);
      const { items } = await harness.admin.ask<{ items: { name: string }[] }>('GET', '/gateways/mistaken/tools');
      expect(items.map(({ name }) => name)).toEqual(['b']);
      expect((await harness.admin.request('GET', `/gateways/${mistaken.id}`)).status).toBe(404);
    });

    it('keeps the slug of a deleted gateway that a virtual server had', async () => {
      verifies('registry.slug-once');
      await harness.gateway({ slug: 'promised' });
      await harness.admin.ask('POST', '/servers', { name: 'promising', include: [{ gateway: 'promised' }] });
      expect(await harness.admin.request('DELETE', '/gateways/promised')).toMatchObject({
        status: 409,
        body: { code: 'gateway_in_use', servers: ['promising'] },
      });
      await harness.admin.ask('DELETE', '/gateways/promised?force=true');
      expect(await post('/gateways', { name: 'x', slug: 'promised', url })).toMatchObject({ status: 409 });
    });

    it('pages through lists by cursor', async () => {
      for (let n = 0; n < 3; n += 1) await harness.gateway();
      const seen: string[] = [];
      let cursor = '';
      do {
        const path = `/gateways?limit=2${cursor && `&cursor=${cursor}`}`;
        const page = await harness.admin.ask<{ items: { id: string }[]; nextCursor?: string }>('GET', path);
        seen.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor ?? '';
      } while (cursor !== '');
      const all = await harness.admin.ask<{ items: { id: string }[] }>('GET', '/gateways?limit=1000');
      expect(seen).toEqual(all.items.map(({ id }) => id));
      for (const wrong of [
        'x',
        Buffer.from('["a","b"]').toString('base64url'),
        Buffer.from('[1]').toString('base64url'),
      ]) {
        expect(await harness.admin.request('GET', `/gateways?cursor=${wrong}`)).toMatchObject({ status: 400 });
      }
    });

    it('holds a change to the version that was read', async () => {
      const { slug } = await harness.gateway();
      const read = await harness.admin.request('GET', `/gateways/${slug}`);
      const tag = { 'if-match': read.headers.get('etag') ?? '' };
      const first = await harness.admin.request('PATCH', `/gateways/${slug}`, { name: 'one' }, tag);
      const second = await harness.admin.request('PATCH', `/gateways/${slug}`, { name: 'two' }, tag);
      expect([first.status, second.status]).toEqual([200, 412]);
      expect((await harness.admin.request('GET', `/gateways/${slug}`)).body).toMatchObject({ name: 'one' });
    });

    it('lets a client wait for the end of a verification', async () => {
      const { id } = await harness.gateway();
      const { id: vid } = await harness.opened(id);
      const waiting = harness.admin.ask('GET', `/gateways/${id}/verifications/${vid}`, undefined, {
        prefer: 'wait=20',
      });
      await harness.connector.verify(vid, { items: [tool('a')] });
      expect(await waiting).toMatchObject({ state: 'verified' });
    });

    it('shows the identities that people pin', async () => {
      const { items } = await harness.admin.ask<{ items: { fingerprint: string }[] }>('GET', '/connectors');
      expect(items).toMatchObject([
        { fingerprint: harness.trust.identities('connector')[0]?.fingerprint, state: 'active', connectors: [] },
      ]);
    });

    it('describes itself, and says when it is ready', async () => {
      const openapi: JsonObject = JSON.parse(await (await fetch(`${harness.url}/openapi.json`)).text());
      expect(openapi).toMatchObject({ openapi: '3.1.0' });
      expect(Object.keys(openapi['paths'] ?? {})).toEqual(
        expect.arrayContaining([
          '/v1/gateways',
          '/v1/gateways/{ref}/verifications/{vid}/credential',
          '/v1/servers',
          '/v1/keys',
        ]),
      );
      expect((await fetch(`${harness.url}/docs`)).status).toBe(200);
      expect(await (await fetch(`${harness.url}/readyz`)).json()).toMatchObject({
        status: 'ready',
        checks: { database: true },
      });
    });

    it('answers 404 for ids that are none, and for what is not there', async () => {
      for (const path of [
        '/gateways/nope',
        '/gateways/00000000-0000-4000-8000-000000000000',
        '/servers/%00',
        '/keys/x',
      ]) {
        const { status } = await harness.admin.request(path.startsWith('/keys') ? 'DELETE' : 'GET', path);
        expect([path, status]).toEqual([path, 404]);
      }
      const { id } = await harness.gateway();
      expect((await harness.admin.request('GET', `/gateways/${id}/verifications/not-an-id`)).status).toBe(404);
    });
  });
}
