import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { bundleLethe, type BridgeStart, startLegacy, startModern } from '../support/bridge/bridge-process.js';
import { eventually } from '../support/eventually.js';
import { runInspector } from '../support/bridge/stdio-inspector.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { countingScript, holdingScript, legacyScript, startModernUpstream } from '../support/upstreams/index.js';

const ENV = { PATH: process.env.PATH, HOME: '/nonexistent' };

describeProxies('the messages through a bridge', 1, ({ publish, serveOne, keep }) => {
  let program: string;
  beforeAll(async () => {
    program = await bundleLethe();
  });
  const at = (url: string): BridgeStart => ({ program, url, env: ENV });
  const modern = async (): Promise<string> => {
    const upstream = keep(await startModernUpstream({ name: 'up' }));
    const region = { type: 'object', properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } };
    const items = [
      tool('echo'),
      tool('count'),
      { ...tool('regional'), definition: { name: 'regional', inputSchema: region } },
    ];
    return (await publish({ gateways: [{ slug: 'up', url: upstream.url, items, facts: MODERN_FACTS }] })).url;
  };

  it('keeps one legacy session, in which the upstream may ask', async () => {
    verifies('bridge.eras');
    const counting = countingScript();
    const items = [tool('count'), tool('confirm')];
    const { url } = await serveOne(counting.script, { items, facts: { sessionful: true, capabilities: { tools: {} } } });
    const { client, close } = keep(
      await startLegacy(at(url), { elicitation: { form: {} } }, (one) =>
        one.setRequestHandler(ElicitRequestSchema, ({ params }) => ({ action: 'accept', content: { said: params.message } })),
      ),
    );
    const count = async () => (await client.callTool({ name: 'count' })).content;
    expect([await count(), await count()]).toEqual([[{ type: 'text', text: '1' }], [{ type: 'text', text: '2' }]]);
    const confirmed = await client.callTool({ name: 'confirm' });
    expect(JSON.stringify(confirmed)).toContain('Really?');
    // Lethe and the upstream hear of the end.
    await close();
    await eventually(() => expect(counting.got).toContain('DELETE'));
  }); // prettier-ignore

  it('begins a session anew when Lethe has forgotten it, which no client of a program expects', async () => {
    verifies('bridge.sessions');
    const counting = countingScript();
    const { url } = await serveOne(counting.script, { items: [tool('count')], facts: { sessionful: true } });
    const { client } = keep(await startLegacy(at(url)));
    await client.callTool({ name: 'count' });
    await client.callTool({ name: 'count' });
    counting.sessions.clear();
    const results = await Promise.all([client.callTool({ name: 'count' }), client.callTool({ name: 'count' })]);
    expect(results.map(({ content }) => JSON.stringify(content)).sort()).toEqual(['1', '2'].map((n) => JSON.stringify([{ type: 'text', text: n }])));
    expect(counting.sessions.size).toBe(1);
  }); // prettier-ignore

  it('passes on what comes on the stream of a session, and cancels', async () => {
    verifies('bridge.eras');
    const holding = holdingScript();
    const { url } = await serveOne(holding.script, { items: [tool('hold')], facts: { sessionful: true, capabilities: { tools: {}, logging: {} } } });
    const heard: unknown[] = [];
    const { client } = keep(
      await startLegacy(at(url), {}, (one) => {
        one.fallbackNotificationHandler = async ({ params }) => void heard.push(params?.['data']);
      }),
    );
    await eventually(() => expect(heard).toContain('first'));
    const cancelled = new AbortController();
    const held = client.callTool({ name: 'hold', arguments: { n: 1 } }, undefined, { signal: cancelled.signal });
    held.catch(() => undefined);
    await eventually(() => expect(holding.held).toHaveLength(1));
    cancelled.abort();
    await expect(held).rejects.toThrow();
    const others = [2, 3].map((n) => client.callTool({ name: 'hold', arguments: { n } }));
    await eventually(() => expect(holding.held).toHaveLength(3));
    holding.release();
    expect((await Promise.all(others)).map(({ content }) => content)).toEqual([2, 3].map((n) => [{ type: 'text', text: String(n) }]));
  }); // prettier-ignore

  it('speaks the modern era with headers that repeat the body, and passes on progress', async () => {
    verifies('bridge.eras');
    const url = await modern();
    const { client } = keep(await startModern(at(url)));
    const regional = async () => (await client.callTool({ name: 'regional', arguments: { region: 'Zürich' } })).content;
    expect([await regional(), await regional()]).toEqual(Array(2).fill([{ type: 'text', text: 'up in Zürich' }]));
    // As lines: the SDK's client forgets progress that it reads together with the response.
    const meta = { progressToken: 'p', 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    const params = { name: 'count', arguments: { to: 5 }, _meta: meta };
    const raw = spawn(process.execPath, [program, 'bridge', url], { env: ENV, stdio: ['pipe', 'pipe', 'inherit'] });
    raw.stdin.end(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params })}\n`);
    const said = (await text(raw.stdout)).trimEnd().split('\n').map((line) => JSON.parse(line) as { params?: { progress: number }; id?: number });
    expect(said.map(({ params: notified, id }) => notified?.progress ?? `response ${id}`)).toEqual([1, 2, 3, 4, 5, 'response 1']);
    await expect(client.callTool({ name: 'none', arguments: {} })).rejects.toThrow(/no such item/);
  }); // prettier-ignore

  it('carries many calls at once, and long results beside them', async () => {
    verifies('bridge.streams');
    const long = 'x'.repeat(3_000_000);
    const script = legacyScript({
      answers: {
        'tools/call': ({ message, reply }) => {
          const n = String((message.params?.['arguments'] as Record<string, unknown>)['n']);
          reply({ content: [{ type: 'text', text: n.endsWith('57') ? n + long : n }] });
        },
      },
    });
    const { url } = await serveOne(script, { facts: { sessionful: true } });
    const { client, log } = keep(await startLegacy(at(url)));
    const numbers = Array.from({ length: 200 }, (_, n) => String(n));
    const results = await Promise.all(numbers.map((n) => client.callTool({ name: 'echo', arguments: { n } }, undefined, { timeout: 60_000 })));
    expect(results.map(({ content }) => JSON.stringify(content).length > 1_000)).toEqual(numbers.map((n) => n.endsWith('57')));
    expect(log()).toBe('');
  }); // prettier-ignore

  it('takes arguments that are as long as Lethe takes, and says so of longer ones', async () => {
    verifies('bridge.streams');
    const script = legacyScript({
      answers: {
        'tools/call': ({ message, reply }) => {
          const { text: sent } = message.params?.['arguments'] as { text: string };
          reply({ content: [{ type: 'text', text: String(sent.length) }] });
        },
      },
    });
    const { url } = await serveOne(script);
    const { client } = keep(await startLegacy(at(url)));
    const call = (length: number) => client.callTool({ name: 'echo', arguments: { text: 'x'.repeat(length) } });
    expect((await call(3_000_000)).content).toEqual([{ type: 'text', text: '3000000' }]);
    // Answered before it is read: who still sends may lose the answer (RFC 9112, section 9.6).
    for (const length of [5_000_000, 15_000_000])
      await eventually(() => expect(call(length)).rejects.toThrow(/longer than allowed/));
    expect((await call(3)).content).toEqual([{ type: 'text', text: '3' }]);
  });

  it('writes nothing but messages, finishes what runs when its input ends, and ends at Ctrl-C', async () => {
    verifies('bridge.process');
    const holding = holdingScript();
    const { url } = await serveOne(holding.script, { items: [tool('hold')] });
    const start = () => spawn(process.execPath, [program, 'bridge', url], { env: ENV, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = [
      'not json',
      '[]',
      '',
      JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } } }),
      JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }),
      JSON.stringify({ jsonrpc: '2.0', id: 'two', method: 'tools/call', params: { name: 'hold', arguments: { n: 7 } } }),
    ];
    const one = start();
    const said = text(one.stdout);
    one.stdin.end(`${lines.join('\r\n')}\n`);
    await eventually(() => expect(holding.held).toHaveLength(1));
    holding.release();
    expect(await once(one, 'exit')).toEqual([0, null]);
    const messages = (await said).trimEnd().split('\n').map((line) => JSON.parse(line) as { id: unknown; error?: { code: number } });
    expect(messages.map(({ id, error }) => error?.code ?? id)).toEqual([-32700, -32600, 1, 'two']);
    const other = start();
    other.stdin.write(`${lines.slice(3).join('\n')}\n`);
    await eventually(() => expect(holding.held).toHaveLength(1));
    other.kill('SIGINT');
    expect(await once(other, 'exit')).toEqual([0, null]);
  }); // prettier-ignore

  it('says which variable its environment lacks, where no login helps: a client of a bridge has no headers', async () => {
    verifies('bridge.variables');
    const upstream = keep(await startModernUpstream({ name: 'up' }));
    const mappings = [{ header: 'X-Api-Key', required: true }];
    const gateways = [{ slug: 'up', url: upstream.url, items: [tool('echo')], facts: MODERN_FACTS, mappings }];
    const { url } = await publish({ gateways });
    const call = { name: 'echo', arguments: { text: 'hi' } };
    for (const { client } of [keep(await startLegacy(at(url))), keep(await startModern(at(url)))]) {
      const { isError, content } = await client.callTool(call);
      expect(isError).toBe(true);
      expect(JSON.stringify(content)).toContain('has to set UP_X_API_KEY in the environment of lethe bridge');
      expect(JSON.stringify(content)).not.toContain('headers');
    }
    const { client } = keep(await startModern({ ...at(url), env: { ...ENV, UP_X_API_KEY: 'its-key' } }));
    expect(await client.callTool(call)).toMatchObject({ content: [{ text: 'up: hi' }] });
  });

  it('is started by MCP Inspector from its configuration, in both eras', async () => {
    verifies('bridge.clients');
    const url = await modern();
    const command = { command: process.execPath, args: [program, 'bridge', url] };
    for (const era of ['legacy', 'modern'] as const) {
      const call = ['--tool-name', 'echo', '--tool-arg', 'text=hi'];
      const result = await runInspector(command, era, 'tools/call', ...call);
      expect(result).toMatchObject({ content: [{ type: 'text', text: 'up: hi' }] });
    }
  });
});
