import type { ServerResponse } from 'node:http';
import { listen } from '../proxy/event-stream.js';
import { legacyScript, type ScriptedExchange, startScriptedUpstream } from '../upstreams/index.js';

const EVERY_MS = 50;

/** A legacy upstream that announces a number every 50 ms on its streams, and repeats what a resumed stream has missed. */
export async function startCountingUpstream() {
  const open = new Set<ServerResponse>();
  let count = 0;
  const eventOf = (n: number): string => {
    const params = { level: 'info', data: n };
    return `id: e-${n}\ndata: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params })}\n\n`;
  };
  const begin = ({ request, response }: ScriptedExchange): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const seen = /^e-(\d+)$/.exec(String(request.headers['last-event-id']))?.[1];
    if (seen !== undefined) for (let n = Number(seen) + 1; n <= count; n += 1) response.write(eventOf(n));
    open.add(response);
    response.once('close', () => open.delete(response));
  };
  const echo = ({ reply, message }: ScriptedExchange): void => {
    reply({ content: [{ type: 'text', text: JSON.stringify(message.params?.['arguments'] ?? {}) }] });
  };
  const tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
  const upstream = await startScriptedUpstream(
    legacyScript({
      capabilities: { tools: {}, logging: {} },
      sessionId: 'a-session',
      results: { 'tools/list': { tools } },
      answers: { GET: begin, 'tools/call': echo },
    }),
  );
  const ticking = setInterval(() => {
    count += 1;
    for (const response of open) response.write(eventOf(count));
  }, EVERY_MS);
  return {
    ...upstream,
    close: async () => {
      clearInterval(ticking);
      for (const response of open) response.destroy();
      await upstream.close();
    },
  };
}

/** A client that keeps the stream of a session open and resumes it wherever it ended. */
export function followStream(url: string, session: Record<string, string>) {
  const numbers: unknown[] = [];
  const refused: number[] = [];
  const leave = new AbortController();
  let resumed = -1;
  let last: string | undefined;
  let current: Awaited<ReturnType<typeof listen>> | undefined;

  async function once(): Promise<void> {
    const stream = await listen(url, { ...session, ...(last !== undefined && { 'last-event-id': last }) });
    current = stream;
    resumed += 1;
    if (stream.status !== 200) return void refused.push(stream.status);
    for (;;) {
      const { id, body } = await stream.message();
      last = id ?? last;
      const { params } = body;
      if (typeof params === 'object' && params !== null && 'data' in params) numbers.push(params.data);
    }
  }

  async function follow(): Promise<void> {
    // The end of a stream is told as an error: it is resumed.
    while (!leave.signal.aborted) await once().catch(() => undefined);
  }

  const ended = follow();
  return {
    numbers,
    refused,
    get resumed() {
      return resumed;
    },
    stop: async () => {
      leave.abort();
      current?.close();
      await ended;
    },
  };
}
