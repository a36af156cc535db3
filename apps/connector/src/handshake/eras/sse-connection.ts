import type { SseEvent } from '@lethe/mcp';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ResultSchema } from '@modelcontextprotocol/sdk/types.js';
import type { GuardedClient, OpenStream } from '../client/guarded-client.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import { factsFromInitialize, initializeFailure } from './initialize-result.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';
import { lastResult, rawResult } from './raw-result.js';
import { SseTransport } from './sse-transport.js';
import { CLIENT_INFO, type UpstreamConnection } from './upstream-connection.js';

/** Connects over HTTP+SSE; `undefined` if the URL is not an event stream that begins with an `endpoint` event. */
export async function openSseConnection(url: string, http: GuardedClient): Promise<UpstreamConnection | undefined> {
  const stream = await http.openStream();
  if (stream === undefined) return undefined;
  const events = stream.events[Symbol.asyncIterator]();
  const endpoint = await firstEndpoint(stream, events, url);
  if (endpoint === undefined) return undefined;
  const client = new Client(CLIENT_INFO, { capabilities: {} });
  http.lastResponse = undefined;
  try {
    await client.connect(new SseTransport(http, stream, events, endpoint));
  } catch {
    throw http.failure ?? initializeFailure(http);
  }
  return {
    facts: factsFromInitialize(lastResult(http), 'sse'),
    request: (method, params) => rawResult(http, () => client.request({ method, params }, ResultSchema)),
    close: () => client.close(),
  };
}

/** Reads the endpoint. Closes the stream if another event comes first, or none in time. */
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

/** Skips comments and events without data, which may precede the endpoint. */
async function nextEndpoint(events: AsyncIterator<SseEvent>, url: string): Promise<URL | undefined> {
  for (let next = await events.next(); next.done !== true; next = await events.next()) {
    const { event, data } = next.value;
    if (data !== undefined) return event === 'endpoint' && URL.canParse(data, url) ? new URL(data, url) : undefined;
  }
  return undefined;
}
