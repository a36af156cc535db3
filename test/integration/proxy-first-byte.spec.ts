import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern, modernRequest, postRequest } from '../support/proxy/rpc.js';
import { MODERN_FACTS } from '../support/published-routes.js';
import { legacyScript, type ScriptedExchange, sseScript, type UpstreamScript } from '../support/upstreams/index.js';

const COMMENT = ':\n\n';
/** Less than the interval of comments, so that a first byte that comes with the first interval is too late. */
const SOON_MS = 10_000;
const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } };

/** Sends the head of a stream and nothing after it. */
const headOnly = ({ response }: ScriptedExchange): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
};
const silent: UpstreamScript = legacyScript({ sessionId: 's', answers: { GET: headOnly, 'tools/call': headOnly } });

describeProxiesOnEachEngine('streams that have nothing to say yet', 1, ({ serveOne }) => {
  /** The first part of a stream's body; the client then leaves. */
  async function first(url: string, init: RequestInit): Promise<string> {
    const leave = new AbortController();
    const signal = AbortSignal.any([leave.signal, AbortSignal.timeout(SOON_MS)]);
    const answer = await fetch(url, { ...init, signal });
    expect(answer.headers.get('content-type')).toBe('text/event-stream');
    const { value } = (await answer.body?.getReader().read()) ?? {};
    leave.abort();
    return Buffer.from(value ?? []).toString();
  }
  const get = (headers: Record<string, string>): RequestInit => ({
    headers: { accept: 'text/event-stream', ...headers },
  });

  it('have a first byte at once: GET streams, also resumed ones, and subscriptions', async () => {
    verifies('streams.first-byte');
    const { url } = await serveOne(silent, { facts: { sessionful: true } });
    const session = { ...(await begin(url)), 'mcp-protocol-version': '2025-11-25' };
    const primed = await first(url, get(session));
    const id = /^id: (.+)\ndata: \n\n$/m.exec(primed)?.[1] ?? '';
    expect(id).not.toBe('');
    expect(await first(url, get({ ...session, 'last-event-id': id }))).toMatch(/^id: /m);
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    const older = (await legacy(url, 'initialize', params)).headers.get('mcp-session-id') ?? '';
    expect(await first(url, get({ 'mcp-session-id': older, 'mcp-protocol-version': '2025-06-18' }))).toBe(COMMENT);
    const facts = { ...MODERN_FACTS, capabilities: { tools: { listChanged: true } } };
    const never = await serveOne(() => undefined, { facts });
    expect(
      await first(never.url, modernRequest('subscriptions/listen', { notifications: { toolsListChanged: true } })),
    ).toBe(COMMENT);
  });

  it('have a first byte at once: calls whose upstream has sent a head, also resumed ones', async () => {
    verifies('streams.first-byte');
    const { url } = await serveOne(silent);
    expect(await first(url, postRequest(CALL))).toBe(COMMENT);
    const now = await serveOne(headOnly, { facts: MODERN_FACTS });
    expect(await first(now.url, modernRequest('tools/call', { name: 'echo' }))).toBe(COMMENT);
    const priming = 'id: e-1\ndata: \n\n';
    // The second one's head is held back, as by a front that waits for the first event.
    for (const GET of [headOnly, () => undefined]) {
      const resumable = legacyScript({
        sessionId: 's',
        answers: {
          'tools/call': ({ response }) =>
            void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(priming),
          GET,
        },
      });
      const member = await serveOne(resumable, { facts: { sessionful: true } });
      const session = { ...(await begin(member.url)), 'mcp-protocol-version': '2025-11-25' };
      const called = await (await fetch(member.url, postRequest(CALL, session))).text();
      const id = /^id: (.+)$/m.exec(called)?.[1] ?? '';
      expect(await first(member.url, get({ ...session, 'last-event-id': id }))).toBe(COMMENT);
    }
  });

  it('begin soon for a translated call, so that no connection stays without a byte', async () => {
    verifies('streams.first-byte');
    const sse = sseScript({}, { answers: { 'tools/call': () => undefined } });
    const [old, overSse] = await Promise.all([
      serveOne(silent),
      serveOne(sse.script, { facts: { transport: 'sse', protocolVersion: '2024-11-05' } }),
    ]);
    const call = modernRequest('tools/call', { name: 'echo' });
    const bytes = await Promise.all([
      first(old.url, call),
      first(overSse.url, call),
      first(overSse.url, postRequest(CALL)),
    ]);
    expect(bytes).toEqual([COMMENT, COMMENT, COMMENT]);
  });

  it('have no comments of their upstream, and none before an answer that is there', async () => {
    verifies('streams.first-byte');
    const resultTo = ({ message }: ScriptedExchange): string =>
      `data: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { resultType: 'complete', content: [] } })}\n\n`;
    const type = { 'content-type': 'text/event-stream' };
    const quick = await serveOne((exchange) => void exchange.response.writeHead(200, type).end(resultTo(exchange)));
    expect((await legacy(quick.url, 'tools/call', { name: 'echo' })).text).toMatch(/^event: message\ndata: .*\n\n$/);
    const goOn: (() => void)[] = [];
    const slow = await serveOne((exchange) => {
      exchange.response.writeHead(200, type).write(': upstream\n\n: upstream\n\n');
      goOn.push(() => exchange.response.end(`: upstream\n\n${resultTo(exchange)}`));
    });
    const reader = (await fetch(slow.url, postRequest(CALL))).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(COMMENT);
    goOn.pop()?.();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toMatch(/^event: message\ndata: .*\n\n$/);
    const call = modern(slow.url, 'tools/call', { name: 'echo' });
    await eventually(() => expect(goOn).toHaveLength(1));
    goOn.pop()?.();
    expect((await call).headers.get('content-type')).toBe('application/json');
  });
});
