import { createHash, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { isDatabaseAvailable } from '../support/database.js';
import { AnswerChecks } from '../support/openapi/check-answer.js';
import {
  type Document,
  documentedCodes,
  type DocumentedOperation,
  operationsOf,
  readDocument,
} from '../support/openapi/document.js';
import { RequestSender, type TestAnswer, type TestRequest } from '../support/openapi/request.js';
import { toRequest, validRequests } from '../support/openapi/valid-requests.js';
import { ValidValues } from '../support/openapi/valid-values.js';
import { filledRegistry } from '../support/openapi/world.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

/** Codes that no request of this test gets, of all operations or of one, and why. */
const NOT_PROVOKED: Record<string, string> = {
  internal: 'no request is known that leads to it',
  request_malformed: 'the port answers before there is a path: proxy-http-engines.spec, which tests the same engine',
  request_timeout: 'as request_malformed',
  http_version_unsupported: 'as request_malformed',
  headers_too_large: 'as request_malformed',
  bus_captured: 'takes a stream at a real NATS server: connector-nats.spec, tamper.spec',
  bus_unavailable: 'takes a NATS server that is away: parts-down.spec',
  no_connector: 'takes a bus without connectors: probe.spec',
  proxies_outdated: 'takes an older proxy: registry-grants.spec',
  server_too_large: 'takes a manifest of more than 1 MiB: scale.spec',
  session_token_too_large: 'takes many gateways with long session ids: registry-access.spec',
  too_many_sessionful: 'takes 17 gateways whose upstreams keep sessions: registry-servers.spec',
  credential_refused: 'takes a slot that refuses: registry-verifications.spec',
  keeping_off: 'takes a registry that keeps no credentials: registry-kept.spec',
  kept_key_missing: 'takes a trust folder from before there were keys for them: trust.spec',
  'importDocument parse_error': 'its JSON is read as YAML: invalid_request, with the line',
  'streamEvents too_many_streams': 'takes streams that stay open: registry-events.spec',
  'rotateAdmin last_administrator': 'only if no other row of an administrator is genuine',
};
/** Reads and deletions answer for rows that somebody has changed, unless another row is missing. */
const TAMPERED = ['changeGateway', 'changeServer', 'deleteServer', 'changeKey', 'changeAdmin', 'rotateAdmin', 'beginVerification', 'applyVerification', 'rejectVerification']; // prettier-ignore
/** Their bodies are sealed for what was read before. */
const SEALED = ['sendCredential', 'keepCredential'];
const CREDENTIAL = { scheme: 'bearer', token: 'a-token-of-the-upstream' } as const;
const MIB = 1024 * 1024;
const CANARY = 'ghp_4nAryC4nAryC4nAryC4nAryC4nAryC4nAry1';
const TOO_DEEP = `{"a":${'['.repeat(200)}${']'.repeat(200)}}`;

let address = 0;
/** Of documentation (RFC 3849), each in a network of its own: refused tokens slow one down. */
const anAddress = () => `2001:db8:${(address += 1).toString(16)}::1`;

describe.skipIf(!isDatabaseAvailable('postgres'))('every operation of the admin API', () => {
  let harness: RegistryHarness;
  let document: Document;
  let operations: DocumentedOperation[];
  let sender: RequestSender;
  let checks: AnswerChecks;
  /** A request of each operation that it has answered with a success. */
  const done = new Map<string, TestRequest>();
  const provoked = new Set<string>();
  const problems: string[] = [];

  beforeAll(async () => {
    harness = await RegistryHarness.start('postgres', {
      ...{ LETHE_TRUSTED_PROXIES: '127.0.0.1', LETHE_KEPT_CREDENTIALS: 'on' },
    });
    document = readDocument(await (await fetch(`${harness.url}/openapi.json`)).json());
    operations = operationsOf(document).filter(({ security }) => security.length > 0);
    sender = new RequestSender(harness.url);
    checks = new AnswerChecks(document);
  });
  afterAll(async () => {
    sender?.close();
    await harness?.stop();
  });

  /** Sends a request, compares the answer with the document, and notes its code. */
  const send = async (operation: DocumentedOperation, request: TestRequest): Promise<TestAnswer & { code: string }> => {
    const answer = await sender.send(request);
    const code = answer.status < 400 ? '' : String((JSON.parse(answer.text) as { code: unknown }).code);
    if (code !== '') provoked.add(`${operation.operationId} ${code}`);
    const found = checks.problems(operation, answer);
    if (answer.text.includes(CANARY)) found.push('a value comes back');
    problems.push(...found.map((problem) => `${operation.operationId} ${answer.status} ${code}: ${problem}`));
    return { ...answer, code };
  };
  const takesJson = ({ requestBody }: DocumentedOperation) => requestBody?.content['application/json'] !== undefined;
  const json = (request: TestRequest, body: string, type = 'application/json'): TestRequest => ({
    ...request,
    headers: { ...request.headers, 'content-type': type },
    body,
  });
  const withHeaders = (request: TestRequest, headers: Record<string, string>): TestRequest => ({
    ...request,
    headers: { ...request.headers, ...headers },
  });
  const unkeyed = ({ headers: { 'idempotency-key': _key, ...headers }, ...request }: TestRequest): TestRequest => ({ ...request, headers }); // prettier-ignore
  /** What an operation was asked for, by its id. */
  const requestOf = (id: string): [DocumentedOperation, TestRequest] => [
    operations.find(({ operationId }) => operationId === id)!,
    unkeyed(done.get(id)!),
  ];

  it('takes an Idempotency-Key if it changes something, and If-Match if it changes or deletes one thing', () => {
    verifies('registry.every-operation');
    const without = (header: string, methods: string[]) =>
      operations
        .filter(({ method, parameters }) => methods.includes(method) && !parameters.some(({ name }) => name === header))
        .map(({ operationId }) => operationId);
    // They change nothing, the last of them the second time.
    expect(without('Idempotency-Key', ['POST', 'PUT', 'PATCH', 'DELETE'])).toEqual([
      ...['explainCall', 'probeUpstream', 'importDocument'],
    ]);
    expect(without('If-Match', ['PATCH', 'DELETE'])).toEqual([]);
  });

  it('succeeds, is done once for one key, and says so', { timeout: 120_000 }, async () => {
    verifies('registry.every-operation');
    const values = new ValidValues(document, await filledRegistry(harness));
    for (const operation of operations) {
      const isKeyed = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
      const plans = fc.sample(validRequests(operation, values, { Prefer: fc.constant('wait=0') }), { numRuns: 80, seed: 15 }); // prettier-ignore
      for (const plan of SEALED.includes(operation.operationId) ? [] : plans) {
        const { 'if-match': _tag, 'if-none-match': _none, ...headers } = toRequest(plan, harness.admin.token).headers;
        const key = randomUUID();
        const request = { ...toRequest(plan, harness.admin.token), headers: { ...headers, ...(isKeyed && { 'idempotency-key': key }) } }; // prettier-ignore
        if ((await send(operation, request)).status >= 300) continue;
        done.set(operation.operationId, request);
        if (isKeyed) await repeat(operation, request, key);
        break;
      }
    }
    const { id } = await harness.gateway();
    const opened = await harness.admin.startVerification(id);
    const forSlot = await harness.admin.seal(opened, CREDENTIAL);
    await sendSealed('sendCredential', `/gateways/${id}/verifications/${opened.id}/credential`, forSlot, 202);
    await harness.verified(id, []);
    await sendSealed('keepCredential', `/gateways/${id}/kept-credential`, await harness.admin.sealKept(id, CREDENTIAL), 200); // prettier-ignore
    // The same once more, with another key or without one, comes too late.
    expect((await send(...requestOf('sendCredential'))).code).toBe('slot_gone');
    expect((await send(...requestOf('keepCredential'))).code).toBe('kept_refused');
    expect(operations.map(({ operationId }) => operationId).filter((each) => !done.has(each))).toEqual([]);
  });

  const sendSealed = async (id: string, path: string, body: string, status: number) => {
    const operation = operations.find(({ operationId }) => operationId === id)!;
    const key = randomUUID();
    const headers = { authorization: `Bearer ${harness.admin.token}`, 'content-type': 'application/jose', 'idempotency-key': key }; // prettier-ignore
    const request = { method: 'PUT', target: `/v1${path}`, headers, body };
    expect([id, (await send(operation, request)).status]).toEqual([id, status]);
    done.set(id, request);
    await repeat(operation, request, key);
  };

  const repeat = async (operation: DocumentedOperation, request: TestRequest, key: string) => {
    const digest = createHash('sha256').update(key).digest('hex');
    const again = async (set?: string) => {
      if (set !== undefined) await harness.sql.query(`update keyed_request set ${set} where key_digest = $1`, [digest]);
      const { code, headers } = await send(operation, request);
      return code === '' ? `replayed: ${headers['idempotency-replayed']?.toString()}` : code;
    };
    const shownOnce = documentedCodes(operation).includes('secret_shown_once');
    expect([operation.operationId, await again(), await again('status = 409'), await again('status = null'), await again(`fingerprint = 'x'`)]) // prettier-ignore
      .toEqual([operation.operationId, shownOnce ? 'secret_shown_once' : 'replayed: true', 'answer_lost', 'idempotency_running', 'idempotency_mismatch']); // prettier-ignore
  };

  it('is refused to who has no token, an expired or switched off one, or too low a role', async () => {
    verifies('registry.every-operation');
    const make = (more: object) =>
      harness.admin.ask<{ id: string; token: string }>('POST', '/admins', { name: 'A', role: 'viewer', ...more });
    const [viewer, expired, off] = [await make({}), await make({ role: 'admin', expiresAt: new Date(Date.now() + 900).toISOString() }), await make({ role: 'admin' })]; // prettier-ignore
    await harness.admin.ask('PATCH', `/admins/${off.id}`, { enabled: false });
    await expect.poll(() => fetch(`${harness.url}/v1/status`, { headers: { authorization: `Bearer ${expired.token}` } }).then(({ status }) => status), { timeout: 5_000 }).toBe(401); // prettier-ignore
    const slow = anAddress();
    for (const operation of operations) {
      const [, request] = requestOf(operation.operationId);
      const as = (token: string, from = anAddress()) =>
        send(operation, withHeaders(request, { authorization: token, 'x-forwarded-for': from }));
      const answers = [await as('Bearer'), await as(`Bearer ${expired.token}`), await as(`Bearer ${off.token}`)];
      expect(answers.map(({ status, text }) => `${status} ${(JSON.parse(text) as { why: string }).why}`)).toEqual(
        ['value_missing', 'administrator_expired', 'administrator_disabled'].map((why) => `401 ${why}`),
      );
      for (let failures = 0; failures < 12; failures += 1)
        if ((await as('Bearer x', slow)).code === 'too_many_failures') break;
      const needed = operation['x-required-role'] ?? (operation.method === 'GET' ? 'viewer' : 'editor');
      if (needed === 'viewer') continue;
      const refused = await as(`Bearer ${viewer.token}`);
      expect([operation.operationId, refused.code, refused.text]).toEqual([operation.operationId, 'role_required', expect.stringContaining(`"role":"${needed}"`)]); // prettier-ignore
    }
  });

  it('refuses what is no request of it, by its rule, and repeats nothing', { timeout: 60_000 }, async () => {
    verifies('registry.every-operation');
    const expected = new Map<string, string>();
    for (const operation of operations) {
      const { operationId, method, path, parameters } = operation;
      const [, request] = requestOf(operationId);
      const wrong: [code: string, request: TestRequest][] = [
        ['expectation_unsupported', withHeaders(request, { expect: 'a-miracle' })],
      ];
      if (method !== 'GET') {
        wrong.push(
          ['parse_error', json(request, '{"a":')],
          ['payload_too_large', json(request, JSON.stringify({ name: 'x'.repeat(2 * MIB) }))],
          ['unsupported_media_type', json(request, 'name=x', 'application/octet-stream')],
          ['credential_in_clear', json(request, JSON.stringify({ name: CANARY }))],
          ['invalid_request', json(request, '{"name":"\\u0000"}')],
          ['invalid_request', json(request, TOO_DEEP)],
        );
      }
      if (takesJson(operation)) {
        for (const body of ['{"nothing_like_it":1}', '[]', '"x"']) wrong.push(['invalid_request', json(request, body)]);
        const members = Object.keys(schemaOf(operation).properties ?? {});
        for (const name of members) wrong.push(['invalid_request', json(request, JSON.stringify({ [name]: [{}, 7] }))]);
      }
      if (parameters.some((each) => each.in === 'query')) {
        for (const query of ['nothing=1', 'limit=0&status=x&force=x&client=x&from=x'])
          wrong.push(['invalid_request', { ...request, target: `${request.target.split('?')[0]}?${query}` }]);
      }
      if (parameters.some(({ name }) => name === 'Idempotency-Key'))
        wrong.push(['header_illegal', withHeaders(request, { 'idempotency-key': 'two words' })]);
      if (path.includes('{')) {
        const [, , list = '', ref = ''] = request.target.split('/');
        for (const other of ['0123456789abcdef', 'nothing-of-it', randomUUID()]) {
          const target = request.target.replace(`/${list}/${ref.split('?')[0]}`, `/${list}/${other}`);
          wrong.push(['not_found', { ...request, target }]);
        }
      }
      for (const [code, each] of wrong) {
        const answer = await send(operation, each);
        // A value may be right for one member, and a body comes before a path.
        if (answer.code !== code && answer.status < 400) expected.set(`${operationId} ${code}`, each.body ?? '');
        if (answer.status >= 500) problems.push(`${operationId}: ${answer.status}`);
      }
    }
    expect([...expected].filter(([, body]) => !body.includes('[{},7]'))).toEqual([]);
  });

  type Call = [operationId: string, code: string, path: string, body?: unknown, headers?: Record<string, string>];
  /** Makes calls one after the other, and compares their codes. */
  const expectCodes = async (calls: Call[]) => {
    for (const [id, code, path, body, headers = {}] of calls) {
      const operation = operations.find(({ operationId }) => operationId === id)!;
      const authorized = { authorization: `Bearer ${harness.admin.token}`, ...headers };
      const request = { method: operation.method, target: `/v1${path}`, headers: authorized };
      const answer = await send(operation, body === undefined ? request : json(request, JSON.stringify(body)));
      expect([id, answer.code, answer.text]).toEqual([id, code, expect.anything()]);
    }
  };
  const make = async (path: string, body: object) =>
    `${path}/${(await harness.admin.ask<{ id: string }>('POST', path, body)).id}`;
  const OLD = { 'if-match': '"999"' };

  it('refuses what is forbidden, in use, or has changed', async () => {
    verifies('registry.every-operation');
    const { id, slug } = await harness.gateway();
    const gateway = `/gateways/${id}`;
    await harness.verified(id, [tool('a'), tool('b')]);
    const server = await make('/servers', { name: 's', slug: 'taken', include: [{ gateway: slug }] });
    const key = await make('/keys', { name: 'k', servers: '*' });
    const some = await make('/admins', { name: 'a', role: 'viewer' });
    const first = `/admins/${harness.admin.token.split('_')[2]}`;
    await harness.sql.query('delete from admin where id <> all($1)', [
      [first, some].map((path) => path.split('/').at(-1)),
    ]);
    const url = { url: 'ftp://127.0.0.1/' };
    const mapping = { url: 'http://127.0.0.1:9/', passthroughHeaders: [{ header: 'Host' }] };
    const named = { name: 'x', url: 'http://127.0.0.1:9/another', slug };
    await expectCodes([
      ['registerGateway', 'slug_taken', '/gateways', named],
      ['registerGateway', 'url_forbidden', '/gateways', { name: 'x', ...url }],
      ['registerGateway', 'mapping_forbidden', '/gateways', { name: 'x', ...mapping }],
      ['changeGateway', 'url_forbidden', gateway, url],
      ['changeGateway', 'mapping_forbidden', gateway, mapping],
      ['changeGateway', 'precondition_failed', gateway, { name: 'x' }, OLD],
      ['deleteGateway', 'precondition_failed', gateway, undefined, OLD],
      ['deleteGateway', 'gateway_in_use', gateway],
      ['forgetCredential', 'precondition_failed', `${gateway}/kept-credential`, undefined, OLD],
      ['createServer', 'slug_taken', '/servers', { name: 's', slug: 'taken' }],
      ['changeServer', 'precondition_failed', server, { name: 'x' }, OLD],
      ['deleteServer', 'precondition_failed', server, undefined, OLD],
      ['changeKey', 'precondition_failed', key, { roles: [] }, OLD],
      ['revokeKey', 'precondition_failed', key, undefined, OLD],
      ['rotateKey', '', `${key}/rotate`, {}],
      ['rotateKey', 'key_replaced', `${key}/rotate`, {}],
      ['changeAdmin', 'precondition_failed', some, { name: 'x' }, OLD],
      ['removeAdmin', 'precondition_failed', some, undefined, OLD],
      ['rotateAdmin', 'precondition_failed', `${some}/rotate`, {}, OLD],
      ['changeAdmin', 'last_administrator', first, { enabled: false }],
      ['removeAdmin', 'last_administrator', first],
      ['probeUpstream', 'url_forbidden', '/probes', url],
      ['streamEvents', 'header_illegal', '/events', undefined, { 'last-event-id': 'x' }],
      ['importDocument', 'precondition_failed', '/import', { apiVersion: 'lethe/v1' }, OLD],
      ['importDocument', 'payload_too_large', '/import', { apiVersion: 'x'.repeat(17 * MIB) }],
    ]);
  });

  it('refuses virtual servers that could not be served', async () => {
    verifies('registry.every-operation');
    const [a, b] = [await harness.gateway(), await harness.gateway()];
    await harness.verified(a.id, [tool('a'), tool('b')]);
    const c = await harness.gateway({ passthroughHeaders: [{ header: `${a.slug}-Authorization` }] });
    const server = await make('/servers', { name: 's' });
    const wrong: [code: string, body: object][] = [
      ['header_clash', { include: [a, b, c].map(({ id: gateway }) => ({ gateway })) }],
      ['name_clash', { items: ['a', 'b'].map((name) => ({ gateway: a.slug, kind: 'tool', name, as: 'same' })) }],
      ['too_many_roles', { grants: Array.from({ length: 40 }, (_, n) => ({ role: `role-${n}` })) }],
      [
        'url_forbidden',
        {
          access: {
            kind: 'jwt',
            issuer: 'https://a.example',
            audience: 'a',
            jwksUri: 'ftp://a.example/',
            algorithms: ['ES256'],
          },
        },
      ],
    ];
    await expectCodes(wrong.map(([code, body]) => ['createServer', code, '/servers', { name: 's', ...body }]));
    await expectCodes(wrong.map(([code, body]) => ['changeServer', code, server, body]));
    const both = { items: ['a', 'b'].map((name) => ({ gateway: a.slug, kind: 'tool', name, as: 'same' })) };
    const clashing = {
      items: [
        { gateway: a.slug, kind: 'tool', name: 'a' },
        { gateway: c.slug, kind: 'tool', name: 'a' },
      ],
    };
    await expectCodes([
      ['changeServerItems', 'name_clash', `${server}/items`, both],
      ['changeServerItems', 'header_clash', `${server}/items`, clashing],
      ['changeServerItems', 'precondition_failed', `${server}/items`, both, OLD],
    ]);
  });

  it('refuses decisions about what does not wait, and more than there is room for', { timeout: 30_000 }, async () => {
    verifies('registry.every-operation');
    const { id } = await harness.gateway({ drift: 'review' });
    const at = async (items: string[]) =>
      `/gateways/${id}/verifications/${(await harness.verified(id, items.map((name) => tool(name)))).id}`; // prettier-ignore
    const [served, older, newest] = [await at(['a']), await at(['b']), await at(['c'])];
    const fresh = await harness.gateway();
    const hidden = await harness.verified(fresh.id, [tool('a'), tool('bad', 'x\u202ey')]);
    const early = `/gateways/${fresh.id}/verifications/${hidden.id}/apply`;
    await expectCodes([
      ...(['apply', 'reject'] as const).flatMap((what): Call[] => [
        [`${what}Verification`, 'nothing_to_apply', `${served}/${what}`],
        [`${what}Verification`, 'review_superseded', `${older}/${what}`],
        [`${what}Verification`, 'precondition_failed', `${newest}/${what}`, undefined, OLD],
      ]),
      ['listPendingItems', 'nothing_to_apply', `${served}/items`],
      ['applyVerification', 'server_waits', early, { items: [{ kind: 'tool', name: 'a' }] }],
    ]);
    const unverified = await harness.gateway();
    const [keep, request] = requestOf('keepCredential');
    expect((await send(keep, withHeaders(request, OLD))).code).toBe('precondition_failed');
    const target = `/v1/gateways/${unverified.id}/kept-credential`;
    expect((await send(keep, { ...request, target })).code).toBe('gateway_unverified');
    const probes = Array.from({ length: 40 }, (): Call => ['probeUpstream', '', '/probes', { url: 'http://127.0.0.1:9/' }]); // prettier-ignore
    for (const probe of probes) await expectCodes([probe]).catch(() => undefined);
    expect(provoked).toContain('probeUpstream too_many_probes');
    harness.connector.noSlotReason = 'administrator_limit';
    await expectCodes([['beginVerification', 'too_many_slots', `/gateways/${fresh.id}/verifications`, {}]]);
    harness.connector.noSlotReason = 'order_refused';
    await expectCodes([['beginVerification', 'no_slot', `/gateways/${fresh.id}/verifications`, {}]]);
    harness.connector.noSlotReason = undefined;
  });

  it('does not use rows that somebody else has changed', async () => {
    verifies('registry.every-operation');
    const { id } = await harness.gateway({ drift: 'review' });
    await harness.verified(id, [tool('a')]);
    const { id: vid } = await harness.verified(id, [tool('b')]);
    const server = await make('/servers', { name: 's' });
    const key = await make('/keys', { name: 'k', servers: '*' });
    const some = await make('/admins', { name: 'a', role: 'viewer' });
    for (const [table, column] of Object.entries({
      gateway: 'mac',
      virtual_server: 'mac',
      caller_key: 'row_mac',
      admin: 'row_mac',
    })) {
      const kept = table === 'admin' ? `where id = '${some.split('/').at(-1)}'` : '';
      await harness.sql.query(`update ${table} set ${column} = 'x' ${kept}`);
    }
    const gateway = `/gateways/${id}`;
    await expectCodes([
      ['changeGateway', 'row_tampered', gateway, { name: 'x' }],
      ['beginVerification', 'row_tampered', `${gateway}/verifications`, {}],
      ['applyVerification', 'row_tampered', `${gateway}/verifications/${vid}/apply`],
      ['rejectVerification', 'row_tampered', `${gateway}/verifications/${vid}/reject`],
      ['changeServer', 'row_tampered', server, { name: 'x' }],
      ['deleteServer', 'row_tampered', server],
      ['changeKey', 'row_tampered', key, { roles: ['x'] }],
      ['changeAdmin', 'row_tampered', some, { name: 'x' }],
      ['rotateAdmin', 'row_tampered', `${some}/rotate`, {}],
    ]);
  });

  it('says that the database is not available', async () => {
    verifies('registry.every-operation');
    await harness.sql.query('alter table admin rename to admin_away');
    for (const operation of operations) await send(...requestOf(operation.operationId));
    await harness.sql.query('alter table admin_away rename to admin');
  });

  it('has answered every error that it documents, and no other', () => {
    verifies('registry.every-operation');
    const documented = operations.flatMap((operation) =>
      documentedCodes(operation).map((code) => `${operation.operationId} ${code}`),
    );
    const isLeftOut = (each: string) => {
      const [id = '', code = ''] = each.split(' ');
      const isRead = code === 'row_tampered' && !TAMPERED.includes(id);
      const isForAll = code === 'role_required' && !provoked.has(each) && NEEDS_NO_ROLE.includes(roleOf(id));
      return each in NOT_PROVOKED || code in NOT_PROVOKED || isRead || isForAll;
    };
    expect(documented.filter((each) => !provoked.has(each) && !isLeftOut(each))).toEqual([]);
    expect([...provoked].filter((each) => each in NOT_PROVOKED || each.split(' ')[1]! in NOT_PROVOKED)).toEqual([]);
    expect(problems).toEqual([]);
  });

  const roleOf = (id: string) => {
    const { 'x-required-role': role, method } = operations.find(({ operationId }) => operationId === id)!;
    return role ?? (method === 'GET' ? 'viewer' : 'editor');
  };
});

/** Every token of Lethe has this role; one of an issuer may have none (registry-oidc.spec). */
const NEEDS_NO_ROLE = ['viewer'];

function schemaOf(operation: DocumentedOperation) {
  return Object.values(operation.requestBody?.content ?? {})[0]?.schema ?? {};
}
