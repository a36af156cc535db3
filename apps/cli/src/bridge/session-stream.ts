import { boundedRetryMs, isGetStream } from '@lethe/mcp';
import { setTimeout as pause } from 'node:timers/promises';
import type { GatewayHeaders } from './gateway-headers.js';
import type { LegacySession } from './legacy-session.js';
import type { Headers, LetheConnection } from './lethe-connection.js';
import { readEvents, STREAM_STALL_MS } from './responses.js';

const RETRY_MS = 1_000;

/** What the stream of a session needs. */
export interface SessionStreamParts {
  connection: LetheConnection;
  headers: GatewayHeaders;
  session: LegacySession;
  onMessage: (json: string) => Promise<void>;
  /** Lethe has forgotten the session of these headers; resolves when there is another one. */
  onEnded: (sent: Headers) => Promise<void>;
}

/** Keeps the GET stream of a session open, on which upstreams send what belongs to no call. Ends with the signal. */
export async function followSession(parts: SessionStreamParts, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let waitMs = RETRY_MS;
  while (!signal.aborted) {
    const ending = await openOnce(parts, lastEventId, signal).catch(() => 'failed' as const);
    if (ending === 'none') return;
    if (ending === 'failed') waitMs = boundedRetryMs(waitMs * 2);
    else waitMs = boundedRetryMs(ending.retryMs ?? RETRY_MS);
    if (ending !== 'failed') lastEventId = ending.lastEventId;
    await pause(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

interface Ended {
  lastEventId: string | undefined;
  retryMs: number | undefined;
}

async function openOnce(
  { connection, headers, session, onMessage, onEnded }: SessionStreamParts,
  lastEventId: string | undefined,
  signal: AbortSignal,
): Promise<'none' | 'failed' | Ended> {
  const from = lastEventId !== undefined && { 'Last-Event-ID': lastEventId };
  const sent = session.headers;
  const own = await headers.current('stream');
  const all = { ...own.headers, ...sent, ...from };
  const response = await connection.get(all, signal);
  const { statusCode = 0 } = response;
  if (headers.learn(response, own)) {
    response.destroy();
    return { lastEventId, retryMs: undefined };
  }
  if (!isGetStream(statusCode, response.headers)) {
    response.resume();
    if (statusCode === 405) return 'none';
    if (statusCode !== 404) return 'failed';
    await onEnded(sent);
    return { lastEventId: undefined, retryMs: undefined };
  }
  const ending = await readEvents(response, STREAM_STALL_MS, (json) => onMessage(json));
  return ending.as === 'cut' ? { ...ending, lastEventId: ending.lastEventId ?? lastEventId } : { lastEventId, retryMs: undefined };
} // prettier-ignore
