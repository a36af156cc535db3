import { connect, type Socket } from 'node:net';
import { answerQuestions } from './child.js';
import { envelope, legacy } from '../../support/proxy/rpc.js';

/** Clients that hold streams open over plain sockets. */
interface Wanted {
  readonly url: string;
  readonly kind: 'session' | 'listen';
  readonly count: number;
}

const AT_ONCE = 25;
const sockets: Socket[] = [];
const CLIENT = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
const MODERN = { ...envelope(), 'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' } };

async function openMany({ url, kind, count }: Wanted): Promise<void> {
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const now = Math.min(AT_ONCE, count - opened);
    await Promise.all(Array.from({ length: now }, () => (kind === 'session' ? openSession(url) : openListen(url))));
  }
}

async function openSession(url: string): Promise<void> {
  const { headers } = await legacy(url, 'initialize', CLIENT);
  const lines = [`mcp-session-id: ${headers.get('mcp-session-id') ?? ''}`, 'mcp-protocol-version: 2025-11-25'];
  await hold(url, 'GET', ['accept: text/event-stream', ...lines], '', 'HTTP/1.1 200');
}

async function openListen(url: string): Promise<void> {
  const notifications = { toolsListChanged: true };
  const params = { notifications, _meta: MODERN };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params });
  const lines = [
    'accept: application/json, text/event-stream',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...['mcp-protocol-version: 2026-07-28', 'mcp-method: subscriptions/listen'],
  ];
  await hold(url, 'POST', lines, body, 'acknowledged');
}

/** Resolves when the answer so far has this text. */
async function hold(url: string, method: string, lines: string[], body: string, until: string): Promise<void> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  socket.setEncoding('latin1');
  socket.write(`${method} ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
  let text = '';
  await new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (text.includes(until)) resolve();
      else if (/^HTTP\/1\.1 [^2]/.test(text)) reject(new Error(text.slice(0, 400)));
    });
    socket.once('error', reject).once('close', () => reject(new Error(`closed: ${text.slice(0, 400)}`)));
  });
  socket.removeAllListeners('data');
  socket.resume();
}

/** One call whose answer is not read. */
async function callUnread({ url, kind, bytes }: { url: string; kind: string; bytes: number }): Promise<void> {
  const { headers } = await legacy(url, 'initialize', CLIENT);
  const { hostname, port, pathname } = new URL(url);
  const params = { name: 'pour', arguments: { kind, bytes } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  const socket = connect(Number(port), hostname).pause();
  sockets.push(socket);
  socket.on('error', () => undefined);
  const lines = [
    ...['accept: application/json, text/event-stream', 'content-type: application/json'],
    ...['mcp-protocol-version: 2025-11-25', `mcp-session-id: ${headers.get('mcp-session-id') ?? ''}`],
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.write(`POST ${pathname} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

answerQuestions({
  open: openMany,
  callUnread,
  leave: () => {
    for (const socket of sockets.splice(0))
      socket
        .removeAllListeners()
        .on('error', () => undefined)
        .destroy();
  },
});
