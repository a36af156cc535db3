// An upstream that floods the stream of every call with all kinds of messages, as fast as they are read. It runs in a process of
// its own: what it costs is not what the proxy costs. Prints its port.
import { once } from 'node:events';
import { createServer } from 'node:http';

const KINDS = [
  (n) => ({ method: 'notifications/tools/list_changed', params: { _meta: { n } } }),
  (n) => ({ id: n, method: 'ping' }),
  (n) => ({ id: `of-nobody-${n}`, result: {} }),
  (n) => ({ method: 'notifications/message', params: { level: 'info', data: n } }),
];
const AT_ONCE = 1_000;

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  // The proxy's answers to the flood's own requests.
  if (JSON.parse(body || '{}').method !== 'tools/call') return response.writeHead(202).end();
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const closed = once(response, 'close');
  for (let n = 0; !response.destroyed; n += AT_ONCE) {
    const messages = Array.from({ length: AT_ONCE }, (_, at) => KINDS[at % KINDS.length](n + at));
    const events = messages.map((message) => `data: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`);
    if (!response.write(events.join(''))) await Promise.race([once(response, 'drain'), closed]);
  }
});
server.on('clientError', (_error, socket) => socket.destroy());
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
