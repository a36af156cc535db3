import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { answerBenchmark } from './answering.js';
import { describedTool, LEGACY_VERSION, MODERN_RESULT, RESULT, TOOL } from './messages.js';

/**
 * An upstream that costs next to nothing: it reads HTTP off the socket and answers by path with bytes made beforehand,
 * but for the id. One port for servers of one gateway, ten for those of ten.
 */
const PORTS = 11;
const HEAD_END = '\r\n\r\n';
const SESSION = 'bench-session-4f6c1d';

const json = JSON.stringify;
const callAnswer = (result: object) => `,"result":${json(result)}}`;
const RESULTS: Readonly<Record<string, string>> = {
  '/legacy': callAnswer(RESULT),
  '/legacy-sse': callAnswer(RESULT),
  '/session': callAnswer(RESULT),
  '/modern': callAnswer(MODERN_RESULT),
  '/modern-sse': callAnswer(MODERN_RESULT),
};
const INITIALIZED = callAnswer({
  protocolVersion: LEGACY_VERSION,
  capabilities: { tools: {} },
  serverInfo: { name: 'upstream', version: '1.0.0' },
});
/** What a handshake asks for. */
const TOOLS = callAnswer({ tools: [describedTool(TOOL).definition] });
const REFUSED = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n';
const NO_STREAM = 'HTTP/1.1 405 Method Not Allowed\r\ncontent-length: 0\r\n\r\n';
const ACCEPTED = 'HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n';

let calls = 0;

function jsonAnswer(rest: string, id: string, headers = ''): string {
  const body = `{"jsonrpc":"2.0","id":${id}${rest}`;
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${headers}content-length: ${body.length}${HEAD_END}${body}`;
}

/** As the SDK's servers stream: one event, chunked. */
function streamAnswer(rest: string, id: string): string {
  const event = `event: message\ndata: {"jsonrpc":"2.0","id":${id}${rest}\n\n`;
  const head =
    'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked';
  return `${head}${HEAD_END}${event.length.toString(16)}\r\n${event}\r\n0\r\n\r\n`;
}

/** The id of a message; nothing else in these messages is named so. */
function idIn(body: string): string | undefined {
  const at = body.indexOf('"id":');
  if (at < 0) return undefined;
  let end = at + 5;
  for (let code = body.charCodeAt(end); code !== 44 && code !== 125; code = body.charCodeAt(++end));
  return body.slice(at + 5, end);
}

function answer(head: string, body: string): string {
  const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP/'));
  const id = idIn(body);
  const result = RESULTS[path];
  if (result === undefined) return REFUSED;
  if (id === undefined) return head.startsWith('POST') ? ACCEPTED : NO_STREAM;
  if (body.includes('"method":"initialize"')) {
    return jsonAnswer(INITIALIZED, id, path === '/session' ? `mcp-session-id: ${SESSION}\r\n` : '');
  }
  const isRight = head.includes('Bearer ') && (path !== '/session' || head.includes(SESSION));
  if (isRight && body.includes('"method":"tools/list"')) return jsonAnswer(TOOLS, id);
  if (!isRight || !body.includes('"method":"tools/call"')) return REFUSED;
  return path.endsWith('-sse') ? streamAnswer(result, id) : jsonAnswer(result, id);
}

function serve(socket: Socket): void {
  let pending = '';
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1');
    for (let headEnd = pending.indexOf(HEAD_END); headEnd >= 0; headEnd = pending.indexOf(HEAD_END)) {
      const head = pending.slice(0, headEnd);
      const bodyAt = headEnd + HEAD_END.length;
      const end = bodyAt + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < end) return;
      calls++;
      socket.write(answer(head, pending.slice(bodyAt, end)), 'latin1');
      pending = pending.slice(end);
    }
  });
}

const origins = await Promise.all(
  Array.from({ length: PORTS }, async () => {
    const server = createServer(serve).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }),
);
answerBenchmark({ origins }, () => calls);
