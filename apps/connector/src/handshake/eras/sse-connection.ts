import type { SseEvent } from '@lethe/mcp';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Dialler, OpenStream } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { initializedFacts, refusalOf } from './initialize-result.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import { lastResult, rawResult } from './raw-result.js';
import { SseTransport } from './sse-transport.js';
import { CLIENT_INFO, type Visit } from './upstream-connection.js';

/** Opens a conversation over HTTP+SSE; `undefined` when the URL has no stream that begins with an `endpoint`. */
export async function openSseVisit(url: string, dialler: Dialler): Promise<Visit | undefined> {
  const stream = await dialler.openStream();
  if (stream === undefined) return undefined;
  const events = stream.events[Symbol.asyncIterator]();
  const endpoint = await firstEndpoint(stream, events, url);
  if (endpoint === undefined) return undefined;
  const client = new Client(CLIENT_INFO, { capabilities: {} });
  dialler.lastAnswer = undefined;
  try {
    await client.connect(new SseTransport(dialler, stream, events, endpoint));
  } catch {
    throw dialler.failure ?? refusalOf(dialler);
  }
  return {
    facts: initializedFacts(lastResult(dialler), 'sse'),
    ask: (method, params) => rawResult(dialler, () => client.request({ method, params }, ResultSchema)),
    close: () => client.close(),
  };
}

/** Closes a stream that says something else first, or nothing for too long. */
async function firstEndpoint(
  stream: OpenStream,
  events: AsyncIterator<SseEvent>,
  url: string,
): Promise<URL | undefined> {
  const limit = setTimeout(() => stream.close(), HANDSHAKE_LIMITS.endpointTimeoutMs);
  try {
    const endpoint = await nextEndpoint(events, url);
    if (endpoint === undefined) stream.close();
    else if (endpoint.origin !== new URL(url).origin) throw new HandshakeFailure('address_forbidden');
    return endpoint;
  } catch (error) {
    stream.close();
    if (error instanceof HandshakeFailure) throw error;
    return undefined;
  } finally {
    clearTimeout(limit);
  }
}

/** Comments and empty events may come before it. */
async function nextEndpoint(events: AsyncIterator<SseEvent>, url: string): Promise<URL | undefined> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const { event, data } = next.value;
    if (data !== undefined) return event === 'endpoint' && URL.canParse(data, url) ? new URL(data, url) : undefined;
  }
  return undefined;
}
