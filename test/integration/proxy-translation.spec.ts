import type { UpstreamFacts } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { verifies } from '../requirements.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern, modernRequest, post } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange, type UpstreamScript } from '../support/upstreams/index.js';

const MODERN: Partial<UpstreamFacts> = { ...MODERN_FACTS, capabilities: { completions: {} } };
const SESSIONFUL: Partial<UpstreamFacts> = { sessionful: true, capabilities: { logging: {}, completions: {} } };

describeProxies('translation between the eras', 1, ({ serveOne }) => {
  const serve = (script: UpstreamScript, facts: Partial<UpstreamFacts>, more: Partial<GatewayDraft> = {}) =>
    serveOne(script, { facts, ...more }, { eras: 'both', missingCredential: 'error' });
  const raw =
    (result: string): UpstreamScript =>
    ({ response, message }) =>
      void response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${result}}`);

  it('keeps every member and every digit of a result, but those of the other era', async () => {
    const kept = '"content": [ ], "n": 12345678901234567890, "x": 1.0, "_meta":{"k":"v"}';
    const old = await serve(raw(`{${kept}}`), {});
    const now = await modern(old.url, 'tools/call', { name: 'echo' });
    expect(now.text).toContain('"n": 12345678901234567890,"x": 1.0');
    expect(now.body.result).toMatchObject({ resultType: 'complete', _meta: { k: 'v' } });
    const fresh = await serve(raw(`{${kept},"resultType":"complete","structuredContent":[1]}`), MODERN);
    const then = await legacy(fresh.url, 'tools/call', { name: 'echo' });
    expect(then.text).toContain('"n": 12345678901234567890,"x": 1.0');
    for (const member of ['resultType', 'structuredContent']) expect(then.body.result).not.toHaveProperty(member);
  });

  it('adds how long a resource may be cached, and names one that is not found', async () => {
    const items = [{ kind: 'resource' as const, own: 'a://b', definition: { uri: 'a://b', name: 'b' } }];
    const found = await serve(raw('{"contents":[]}'), {}, { items });
    const read = await modern(found.url, 'resources/read', { uri: 'a://b' });
    expect(read.body.result).toMatchObject({ resultType: 'complete', ttlMs: 0, cacheScope: 'private' });
    const lost = await serve(({ replyError }) => replyError(200, { code: -32002, message: 'gone' }), {}, { items });
    expect(await modern(lost.url, 'resources/read', { uri: 'a://b' })).toMatchObject({
      status: 200,
      body: { error: { code: -32602, data: { uri: 'a://b' } } },
    });
  });

  it('names the capabilities that a legacy client lacks for a modern upstream', async () => {
    const seen: unknown[] = [];
    const data = { requiredCapabilities: { sampling: {} } };
    const { url } = await serve(({ message, replyError }) => {
      seen.push(message.params?.['_meta']);
      replyError(400, { code: -32021, message: 'needs sampling', data });
    }, MODERN);
    const answer = await legacy(url, 'tools/call', { name: 'echo', _meta: { progressToken: 7 } });
    expect(answer).toMatchObject({ status: 200, body: { error: { code: -32021, data } } });
    expect(seen).toMatchObject([{ progressToken: 7, 'io.modelcontextprotocol/clientCapabilities': {} }]);
    const asking = await serve(raw('{"resultType":"input_required","inputRequests":{}}'), MODERN);
    const refused = await legacy(asking.url, 'tools/call', { name: 'echo' });
    expect(refused.body.error.data).toMatchObject({ reason: 'upstream_failed', why: 'input_required' });
  });

  it('completes arguments across the eras', async () => {
    const items = [{ kind: 'prompt' as const, own: 'ask', definition: { name: 'ask' } }];
    const params = { ref: { type: 'ref/prompt', name: 'ask' }, argument: { name: 'a', value: 'v' } };
    const completion = { values: ['value'], total: 1, hasMore: false };
    const answers = { 'completion/complete': ({ reply }: ScriptedExchange) => reply({ completion }) };
    const old = await serve(legacyScript({ sessionId: 's', answers }), SESSIONFUL, { items });
    expect((await modern(old.url, 'completion/complete', params)).body.result).toMatchObject({
      resultType: 'complete',
      completion,
    });
    const fresh = await serve(({ reply }) => reply({ completion, resultType: 'complete' }), MODERN, { items });
    expect((await legacy(fresh.url, 'completion/complete', params)).body.result).toEqual({ completion });
    const { capabilities } = (await modern(old.url, 'server/discover')).body.result as unknown as UpstreamFacts;
    expect(capabilities).toEqual({ prompts: { listChanged: true }, completions: {}, logging: {} });
  });

  it('completes nothing for a reference that names two items: its gateway could take the one that is not exposed', async () => {
    const items = [{ kind: 'prompt' as const, own: 'ask', definition: { name: 'ask' } }];
    const { url, upstream } = await serve(({ reply }) => reply({}), { capabilities: { completions: {} } }, { items });
    const ref = '{"type":"ref/prompt","name":"hidden","name":"ask"}';
    const params = `{"ref":${ref},"argument":{"name":"a","value":"v"}}`;
    const answer = await post(url, `{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":${params}}`);
    expect(answer.body.error.data).toMatchObject({ reason: 'params_invalid', member: 'ref' });
    expect(upstream.received).toEqual([]);
  });

  it('relays log messages of a legacy upstream when the modern client asked for them', async () => {
    const levels: unknown[] = [];
    const answers = {
      'logging/setLevel': ({ message, reply }: ScriptedExchange) => {
        levels.push(message.params);
        reply({});
      },
      'tools/call': ({ message, response }: ScriptedExchange) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        for (const each of [
          { method: 'notifications/message', params: { level: 'info', data: 'logged' } },
          { method: 'notifications/tools/list_changed' },
          { id: message.id, result: { content: [] } },
        ])
          response.write(`data: ${JSON.stringify({ jsonrpc: '2.0', ...each })}\n\n`);
        response.end();
      },
    };
    const { url } = await serve(legacyScript({ sessionId: 's', answers }), SESSIONFUL);
    const silent = await modern(url, 'tools/call', { name: 'echo' });
    expect(silent.text).not.toContain('notifications/');
    expect(levels).toEqual([]);
    const _meta = { 'io.modelcontextprotocol/logLevel': 'info' };
    const logged = await modern(url, 'tools/call', { name: 'echo', _meta });
    expect(logged.text).toContain('"data":"logged"');
    expect(logged.text).not.toContain('list_changed');
    expect(levels).toEqual([{ level: 'info' }]);
  });

  it('cancels at a legacy upstream when a modern client disconnects', async () => {
    const cancelled: unknown[] = [];
    const answers = {
      'tools/call': () => undefined,
      'notifications/cancelled': ({ message, response }: ScriptedExchange) => {
        cancelled.push(message.params);
        response.writeHead(202).end();
      },
    };
    const { url, upstream } = await serve(legacyScript({ sessionId: 's', answers }), SESSIONFUL);
    const leaving = new AbortController();
    const call = modernRequest('tools/call', { name: 'echo' }, {}, 'mine');
    const left = fetch(url, { ...call, signal: leaving.signal });
    await eventually(() => expect(upstream.received).toHaveLength(3));
    leaving.abort();
    await expect(left).rejects.toThrow();
    await eventually(() => expect(cancelled).toEqual([{ requestId: 'mine' }]));
    await eventually(() => expect(upstream.received.at(-1)?.method).toBe('DELETE'));
  });

  it.each(['legacy', 'modern'] as const)(
    'names the dialect that schemas have anyway to modern clients only (%s upstream)',
    async (era) => {
      verifies('lists.readable');
      const dialect = 'https://json-schema.org/draft/2020-12/schema';
      const schemas = [dialect, `${dialect}#`, 'http://json-schema.org/draft-07/schema#'].map(($schema) => ({
        $schema,
        type: 'object',
        properties: { $schema: { type: 'string' }, inner: { $schema, type: 'object' } },
      }));
      const items = schemas.map((schema, n) => ({
        kind: 'tool' as const,
        own: `t${n}`,
        definition: { name: `t${n}`, inputSchema: schema, outputSchema: schema },
      }));
      const { url } = await serve(raw('{}'), era === 'modern' ? MODERN : {}, { items });
      const listed = (await modern(url, 'tools/list')).body.result.tools;
      expect(listed).toEqual(items.map(({ definition }) => definition));
      const shown = (await legacy(url, 'tools/list')).body.result.tools;
      for (const [n, { $schema, ...schema }] of schemas.entries()) {
        const expected = n === 2 ? { $schema, ...schema } : schema;
        expect(shown[n]).toEqual({ name: `t${n}`, inputSchema: expected, outputSchema: expected });
      }
    },
  );

  it('hides schemas that legacy clients cannot read, and tools that cannot be called', async () => {
    const definition = (name: string, more: object) => ({
      kind: 'tool' as const,
      own: name,
      definition: JSON.parse(JSON.stringify({ name, inputSchema: { type: 'object' }, ...more })),
    });
    const bad = { type: 'object', properties: { a: { type: 'string', 'x-mcp-header': 'a b' } } };
    const items = [
      definition('listing', { outputSchema: { type: 'array' } }),
      definition('object', { outputSchema: { type: 'object' } }),
      definition('bad', { inputSchema: bad }),
    ];
    const { url } = await serve(raw('{}'), MODERN, { items });
    const shown = (await legacy(url, 'tools/list')).body.result.tools;
    expect(shown.map((each) => [each.name, 'outputSchema' in each])).toEqual([
      ['listing', false],
      ['object', true],
    ]);
    const now = (await modern(url, 'tools/list')).body.result.tools;
    expect(now.map((each) => [each.name, 'outputSchema' in each])).toEqual([
      ['listing', true],
      ['object', true],
    ]);
  });

  it('reports what an upstream does wrong by closed reasons', async () => {
    const cases: [UpstreamScript, object][] = [
      [raw('7'), { why: 'no_result' }],
      [
        ({ response }) => void response.writeHead(200, { 'content-type': 'text/html' }).end(''),
        { why: 'content_type' },
      ],
      [({ response }) => void response.writeHead(500).end('boom'), { why: 'http_status', httpStatus: 500 }],
      [({ response }) => void response.writeHead(401).end(), { reason: 'credential_required' }],
      [({ response }) => void response.destroy(), { reason: 'upstream_unreachable' }],
      [
        ({ response }) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
        { why: 'closed_early' },
      ],
    ];
    for (const [script, data] of cases) {
      const [old, fresh] = [await serve(script, {}), await serve(script, MODERN)];
      expect((await modern(old.url, 'tools/call', { name: 'echo' })).body.error.data).toMatchObject(data);
      expect((await legacy(fresh.url, 'tools/call', { name: 'echo' })).body.error.data).toMatchObject(data);
    }
  });
});
