import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback } from './loopback-server.js';
import { isDiscovery, record, type RecordedRequest, type Upstream } from './recorded-request.js';

/** A JSON-RPC message as it came; `id` is missing in notifications. */
export interface ScriptedMessage {
  id?: string | number;
  method?: string;
  params?: Record<string, unknown>;
}

/** One request that a script answers as it likes: by the two short ways, or by hand on `response`. */
export interface ScriptedExchange {
  request: IncomingMessage;
  response: ServerResponse;
  /** The decoded body; empty when there was none, or it was not JSON. */
  message: ScriptedMessage;
  /** A JSON-RPC result, as `application/json`. */
  reply(result: unknown, headers?: Record<string, string>): void;
  /** A JSON-RPC error with this HTTP status. */
  replyError(status: number, error: { code: number; message: string; data?: unknown }): void;
}

export type UpstreamScript = (exchange: ScriptedExchange) => void | Promise<void>;

/**
 * An upstream that does exactly what its script says: stall, lie, cut, reflect.
 * @param discovery the script for requests without a credential before a handshake
 */
export async function startScriptedUpstream(
  script: UpstreamScript,
  discovery: UpstreamScript = ({ response }) => void response.writeHead(404).end(),
): Promise<Upstream> {
  const received: RecordedRequest[] = [];
  const { origin, close } = await listenOnLoopback((request, response) => {
    const isLook = isDiscovery(request);
    if (!isLook) received.push(record(request));
    response.on('error', () => response.destroy());
    void readBody(request).then((body) => (isLook ? discovery : script)(exchangeOf(request, response, body)));
  });
  return { url: `${origin}/mcp`, received, close };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

function exchangeOf(request: IncomingMessage, response: ServerResponse, body: string): ScriptedExchange {
  const message = decode(body);
  const send = (status: number, answer: object, headers: Record<string, string> = {}): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: message.id ?? null, ...answer });
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
  };
  return {
    request,
    response,
    message,
    reply: (result, headers) => send(200, { result }, headers),
    replyError: (status, error) => send(status, { error }),
  };
}

function decode(body: string): ScriptedMessage {
  try {
    return JSON.parse(body) as ScriptedMessage;
  } catch {
    return {};
  }
}
