import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { legacyScript, type ScriptedExchange, startScriptedUpstream } from '../../support/upstreams/index.js';
import { answerQuestions } from './child.js';

/** Upstreams, as many as the first argument says, whose streams stay open, and which talk without end when asked to. */
const CHUNK = 64 * 1024;
let open = 0;
/** The last one; what an earlier client has left behind runs on beside it. */
let flood = { sent: 0 };

function hold({ response }: ScriptedExchange, ...events: object[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  open += 1;
  response.once('close', () => (open -= 1));
}

/** Writes no faster than it is read. */
async function pour(response: ServerResponse, chunk: string, bytes: number): Promise<void> {
  const own = { sent: 0 };
  flood = own;
  const gone = once(response, 'close');
  while (own.sent < bytes && !response.destroyed) {
    own.sent += chunk.length;
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), gone]);
  }
}

async function call(exchange: ScriptedExchange): Promise<void> {
  const { response, message } = exchange;
  const { kind, bytes } = message.params?.['arguments'] as { kind: 'events' | 'json'; bytes: number };
  const text = 'x'.repeat(CHUNK);
  if (kind === 'json') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":{"content":[{"type":"text","text":"`);
    await pour(response, text, bytes);
    return void response.end('"}]}}');
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const params = { level: 'info', data: text };
  await pour(
    response,
    `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params })}\n\n`,
    bytes,
  );
  response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { content: [] } })}\n\n`);
}

function script(exchange: ScriptedExchange): void | Promise<void> {
  const { message } = exchange;
  if (message.method === 'subscriptions/listen') {
    const params = { ...message.params, _meta: { 'io.modelcontextprotocol/subscriptionId': message.id } };
    return hold(exchange, { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params });
  }
  return legacyScript({ sessionId: randomUUID(), answers: { GET: (given) => hold(given), 'tools/call': call } })(
    exchange,
  );
}

const upstreams = await Promise.all(
  Array.from({ length: Number(process.argv[2] ?? 1) }, () => startScriptedUpstream(script)),
);
answerQuestions({
  urls: () => upstreams.map(({ url }) => url),
  open: () => open,
  flood: () => {
    for (const { received } of upstreams) received.length = 0;
    return flood;
  },
});
