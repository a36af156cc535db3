import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { Lent } from '../../credentials/upstream-credentials.js';
import { MessageReader } from '../../upstream/message-reader.js';
import { type BodyReader, send } from '../../upstream/response-handler.js';
import { networkFailure, statusFailure, upstreamFailed } from '../../upstream/upstream-errors.js';
import type { UpstreamPools } from '../../upstream/connection-pools.js';
import type { UpstreamRequest } from '../../upstream/upstream-request.js';

/** What comes on a stream that stays open. */
export interface StreamMessages {
  /** The stream has begun. */
  begun(): void;
  message(message: JsonObject, json: string): void;
  /** The stream is over, or never began. */
  over(error: LetheError): void;
}

/** Opens a stream of events that may stay silent for as long as it likes, until the signal. */
export function openNewsStream(
  pools: UpstreamPools,
  lent: Lent,
  request: UpstreamRequest,
  messages: StreamMessages,
  signal: AbortSignal,
): void {
  const { grant } = lent;
  const choose = (status: number, headers: IncomingHttpHeaders): BodyReader => {
    const refused = statusFailure(grant, status, headers);
    if (refused) throw refused;
    if (status !== 200) throw upstreamFailed(grant, 'http_status', status);
    const isStream = (headers['content-type'] ?? '').startsWith('text/event-stream');
    if (!isStream) throw upstreamFailed(grant, 'content_type', status);
    messages.begun();
    return new MessageReader(true, { take: (message, json) => taken(messages, message, json) });
  };
  send(pools.of(grant.gateway.target), { ...request, bodyTimeout: 0 }, choose, signal).then(
    () => messages.over(upstreamFailed(grant, 'closed_early')),
    (error: unknown) => messages.over(networkFailure(grant, error)),
  );
}

function taken(messages: StreamMessages, message: JsonValue, json: string): boolean {
  if (isObject(message)) messages.message(message, json);
  return true;
}
