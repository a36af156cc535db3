import { initializeResult, type LegacyScript } from './legacy-script.js';
import type { ScriptedMessage, UpstreamScript } from './scripted-upstream.js';

/** Where a scripted HTTP+SSE server departs from the good one. */
export interface SseOptions {
  protocolVersion?: string;
  /** What the first event names instead of an address here. */
  endpoint?: string;
  /** Sends a ping before each answer. */
  pings?: boolean;
  /** Ends the stream instead of answering this method. */
  endsAt?: string;
  /** Status of every POST to the endpoint. */
  postStatus?: number;
  /** Called instead of answering; `send` writes a message to the caller's stream. */
  answers?: Record<string, (message: ScriptedMessage, send: (message: object) => void) => void>;
  onClose?: (connection: number) => void;
}

/** A small server of the HTTP+SSE transport (2024-11-05): `GET` opens a stream, messages are posted beside it. */
export function sseScript(
  legacy: LegacyScript,
  options: SseOptions = {},
): { script: UpstreamScript; posts: ScriptedMessage[] } {
  const posts: ScriptedMessage[] = [];
  const streams: ((text: string | null) => unknown)[] = [];
  const script: UpstreamScript = ({ request, response, message }) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    if (request.method === 'GET' && pathname === '/mcp') {
      const connection = streams.push((text) => (text === null ? response.end() : response.write(text))) - 1;
      response.on('close', () => options.onClose?.(connection));
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const endpoint = options.endpoint ?? `/message?connection=${connection}`;
      response.write(`event: endpoint\ndata: ${endpoint}\n\n`);
      return;
    }
    const stream = streams[Number(searchParams.get('connection'))];
    if (request.method !== 'POST' || pathname !== '/message' || stream === undefined) {
      response.writeHead(404).end();
      return;
    }
    posts.push(message);
    response.writeHead(options.postStatus ?? 202, { location: '/elsewhere' }).end('Accepted');
    if (message.method !== undefined && message.id !== undefined) answer(legacy, options, message, stream);
  };
  return { script, posts };
}

function answer(
  legacy: LegacyScript,
  options: SseOptions,
  message: ScriptedMessage,
  write: (text: string | null) => unknown,
): void {
  const { id, method = '' } = message;
  const send = (body: object): void => {
    write(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...body })}\n\n`);
  };
  if (options.endsAt === method) return void write(null);
  if (options.pings) send({ id: `ping-${String(id)}`, method: 'ping' });
  const own = options.answers?.[method];
  if (own !== undefined) return own(message, send);
  const protocolVersion = options.protocolVersion;
  if (method === 'initialize') return send({ id, result: initializeResult({ ...legacy, protocolVersion }) });
  const result = legacy.results?.[method];
  send({ id, ...(result === undefined ? { error: { code: -32601, message: 'Method not found' } } : { result }) });
}
