import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, post } from '../support/proxy/rpc.js';
import { legacyScript, type Upstream, type UpstreamScript } from '../support/upstreams/index.js';

const CLIENT = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } };

describeProxies('sessions of legacy clients', 2, ({ proxies, keep, startUpstream, publishKey, ...suite }) => {
  const serve = async (...args: Parameters<typeof suite.serve>): Promise<string> => (await suite.serve(...args)).url;

  const slugOf = (url: string): string => new URL(url).pathname.split('/')[2] ?? '';

  /** A sessionful upstream whose calls answer with the session they came in. */
  const sessionful = (sessionId: string, answers: Record<string, UpstreamScript> = {}): UpstreamScript =>
    legacyScript({
      sessionId,
      answers: {
        'tools/call': ({ request, reply }) => reply({ session: request.headers['mcp-session-id'] ?? null }),
        ...answers,
      },
    });

  const initialize = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await legacy(url, 'initialize', CLIENT, headers);
    return { ...answer, session: { 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '', ...headers } };
  };
  const methods = ({ received }: Upstream) =>
    received.map(({ method, headers }) => [method, headers['mcp-session-id']]);

  it('are kept in the token alone: every replica continues them', async () => {
    verifies('session.any-replica');
    const [a, b] = [await startUpstream(sessionful('a-1')), await startUpstream(sessionful('b-1'))];
    const url = await serve([a, b]);
    const { body, session } = await initialize(url);
    expect(body.result).toMatchObject({ protocolVersion: '2025-06-18', capabilities: { tools: {} } });
    expect(body.result.instructions).toBeUndefined();
    expect(session['mcp-session-id']).toMatch(/^[\x21-\x7e]+$/);
    expect(session['mcp-session-id']).not.toContain('a-1');
    for (const [name, id] of [
      ['t0', 'a-1'],
      ['t1', 'b-1'],
      ['t0', 'a-1'],
    ] as const) {
      expect((await legacy(url, 'tools/call', { name }, session)).body.result.session).toBe(id);
    }
    expect(methods(a)).toEqual([
      ['POST', undefined],
      ['POST', 'a-1'],
      ['POST', 'a-1'],
      ['POST', 'a-1'],
    ]);
  });

  it('omit and name gateways that fail, and serve them by sessions for one call', async () => {
    const good = await startUpstream(sessionful('good-1'));
    let isDown = true;
    const once = legacyScript({
      sessionId: 'once-1',
      answers: { 'tools/call': ({ request, reply }) => reply({ session: request.headers['mcp-session-id'] }) },
    });
    const flaky = await startUpstream((exchange) =>
      isDown ? void exchange.response.writeHead(500).end() : once(exchange),
    );
    const url = await serve([good, flaky], { instructions: 'Be kind.' });
    const { body, session } = await initialize(url);
    expect(body.result.instructions).toBe(
      'Be kind.\n\nNot reached when this session began:\n- The upstream of "g1" reports an internal error.',
    );
    isDown = false;
    const before = flaky.received.length;
    expect((await legacy(url, 'tools/call', { name: 't1' }, session)).body.result.session).toBe('once-1');
    await eventually(() =>
      expect(flaky.received.slice(before).map(({ method, headers }) => [method, headers['mcp-session-id']])).toEqual([
        ['POST', undefined],
        ['POST', 'once-1'],
        ['POST', 'once-1'],
        ['DELETE', 'once-1'],
      ]),
    );
    expect((await legacy(url, 'tools/call', { name: 't0' }, session)).body.result.session).toBe('good-1');
  });

  it('do not wait for a gateway that hangs', async () => {
    const good = await startUpstream(sessionful('good-1'));
    const hangs = await startUpstream(() => undefined);
    const { path, manifest } = await suite.serve([good, hangs]);
    const proxy = keep(await proxies.start({}, undefined, { sessionMs: 500 }));
    await servedBy(proxy.url, manifest.slug);
    const startedAt = Date.now();
    const { body } = await initialize(proxy.url + path);
    expect(Date.now() - startedAt).toBeLessThan(9_000);
    expect(body.result.instructions).toContain('g1');
  });

  it('wait for no gateway longer than one request may take, however many are slow and at whichever step', async () => {
    verifies('session.begins-in-time');
    const slow = await startUpstream(
      legacyScript({
        sessionId: 's-1',
        answers: {
          initialize: (exchange) => void setTimeout(() => void legacyScript({ sessionId: 's-1' })(exchange), 900),
          'notifications/initialized': () => undefined,
        },
      }),
    );
    const { path, manifest } = await suite.serve(Array<Upstream>(12).fill(slow));
    const proxy = keep(await proxies.start({}, undefined, { sessionMs: 2_400 }));
    await servedBy(proxy.url, manifest.slug);
    const startedAt = performance.now();
    const { body } = await initialize(proxy.url + path);
    expect(performance.now() - startedAt).toBeLessThan(3_600);
    expect(body.result.instructions.match(/^- The upstream of "g/gm)).toHaveLength(12);
    await eventually(() => expect(slow.received.filter(({ method }) => method === 'DELETE')).toHaveLength(12));
  });

  it('omit a gateway whatever its slug is, and call it by a session for one call', async () => {
    const upstream = await startUpstream(sessionful('once'));
    const mappings = [{ header: 'Authorization', required: true }];
    const url = await serve([upstream], {}, { slug: 'constructor', mappings });
    const { body, session } = await initialize(url);
    expect(body.result.instructions).toMatch(
      /^Not reached when this session began:\n- No credential was sent for "constructor": .* X-Upstream-constructor-Authorization\./,
    );
    const headers = { ...session, 'x-upstream-constructor-authorization': 'Bearer x' };
    expect((await legacy(url, 'tools/call', { name: 't0' }, headers)).body.result).toEqual({ session: 'once' });
  });

  it('do not open upstream sessions where an upstream has none', async () => {
    const upstream = await startUpstream(sessionful('x'));
    const url = await serve([upstream], {}, { facts: { sessionful: false } });
    const { session } = await initialize(url);
    expect(upstream.received).toEqual([]);
    expect((await legacy(url, 'tools/call', { name: 't0' }, session)).body.result.session).toBeNull();
    expect(upstream.received).toHaveLength(1);
  });

  it('are unknown to other callers, other servers, and when tampered with', async () => {
    verifies('session.bound');
    const upstream = await startUpstream(sessionful('a-1'));
    const [url, other] = [await serve([upstream], { access: 'key' }), await serve([upstream], { access: 'key' })];
    const [mine, theirs] = [await publishKey(slugOf(url)), await publishKey(slugOf(url))];
    const { session } = await initialize(url, { authorization: `Bearer ${mine}` });
    const before = upstream.received.length;
    const token = session['mcp-session-id'];
    const tampered = `${token.slice(0, -3)}${token.at(-3) === 'A' ? 'B' : 'A'}${token.slice(-2)}`;
    const attempts: [string, Record<string, string>][] = [
      [url, { ...session, authorization: `Bearer ${theirs}` }],
      [other, session],
      [url, { ...session, 'mcp-session-id': tampered }],
      [url, { ...session, 'mcp-session-id': 'x' }],
    ];
    for (const [where, headers] of attempts) {
      const answer = await legacy(where, 'tools/call', { name: 't0' }, headers);
      expect(answer).toMatchObject({ status: 404, body: { error: { data: { reason: 'session_unknown' } } } });
    }
    expect(upstream.received).toHaveLength(before);
    expect((await legacy(url, 'tools/call', { name: 't0' }, session)).status).toBe(200);
  });

  it('do not authenticate: a session token without a key is rejected', async () => {
    const upstream = await startUpstream(sessionful('a-1'));
    const url = await serve([upstream], { access: 'key' });
    const { session } = await initialize(url, { authorization: `Bearer ${await publishKey(slugOf(url))}` });
    const tokenOnly = { 'mcp-session-id': session['mcp-session-id'] };
    expect((await legacy(url, 'tools/call', { name: 't0' }, tokenOnly)).status).toBe(401);
  });

  it('carry no credential: each request brings its own', async () => {
    const upstream = await startUpstream(sessionful('a-1'));
    const url = await serve([upstream], { shortForm: { Authorization: 'g0' } });
    const { session } = await initialize(url, { 'x-upstream-authorization': 'Bearer one' });
    await legacy(url, 'tools/call', { name: 't0' }, { ...session, 'x-upstream-authorization': 'Bearer two' });
    const without = { 'mcp-session-id': session['mcp-session-id'] };
    await legacy(url, 'tools/call', { name: 't0' }, without);
    expect(upstream.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer one',
      'Bearer one',
      'Bearer two',
      undefined,
    ]);
  });

  it('end for the client when an upstream has lost its part', async () => {
    let isForgotten = false;
    const upstream = await startUpstream(
      sessionful('a-1', {
        'tools/call': ({ reply, response }) => (isForgotten ? void response.writeHead(404).end() : reply({})),
      }),
    );
    const url = await serve([upstream]);
    const { session } = await initialize(url);
    isForgotten = true;
    expect(await legacy(url, 'tools/call', { name: 't0' }, session)).toMatchObject({
      status: 404,
      body: { id: 1, error: { data: { reason: 'session_unknown' } } },
    });
  });

  it('end at every upstream by DELETE', async () => {
    const [a, b] = [await startUpstream(sessionful('a-1')), await startUpstream(sessionful('b-1'))];
    const url = await serve([a, b]);
    const { session } = await initialize(url);
    const ended = await fetch(url, { method: 'DELETE', headers: session });
    expect(ended.status).toBe(200);
    expect(methods(a).at(-1)).toEqual(['DELETE', 'a-1']);
    expect(methods(b).at(-1)).toEqual(['DELETE', 'b-1']);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(404);
  });

  it('pass a change of the roots on to every upstream in them', async () => {
    const told: unknown[] = [];
    const starts = ['a-1', 'b-1'].map((id) =>
      startUpstream(
        sessionful(id, {
          'notifications/roots/list_changed': ({ message, request, response }) => {
            told.push([request.headers['mcp-session-id'], message.params]);
            response.writeHead(202).end();
          },
        }),
      ),
    );
    const url = await serve(await Promise.all(starts));
    const { session } = await initialize(url);
    const params = { _meta: { why: 'moved' } };
    const answer = await post(url, { jsonrpc: '2.0', method: 'notifications/roots/list_changed', params }, session);
    expect(answer.status).toBe(202);
    const both = [
      ['a-1', params],
      ['b-1', params],
    ];
    await eventually(() => expect(told.toSorted()).toEqual(both));
  });

  it('are refused when they would not fit the token', async () => {
    const many = await Promise.all(Array.from({ length: 12 }, () => startUpstream(sessionful('s'.repeat(400)))));
    const { status, body } = await initialize(await serve(many));
    expect(status).toBe(200);
    expect(body.error.data.reason).toBe('session_too_large');
  });
});
