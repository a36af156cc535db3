import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject, JsonValue } from '@lethe/contracts';
import { hasRepeatedMember, isObject } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import { MessageReader } from '../../upstream/message-reader.js';
import type { BodyReader } from '../../upstream/body-reader.js';
import { PacedReader, type ReadingPace } from '../../upstream/paced-reader.js';
import { sendRequest } from '../../upstream/response-handler.js';
import { assertEventStream, assertGetStream } from '../../upstream/response-head.js';
import { upstreamError, upstreamFailed } from '../../upstream/upstream-errors.js';
import type { ConnectionPools, UpstreamRequest } from '../../upstream/upstream-client.js';

/** Handles the messages of a long-lived stream. */
export interface EventStreamListener {
  /** The stream is open. */
  begun(): void;
  message(message: JsonObject, json: string): void;
  /** The stream has ended, or could not be opened. */
  over(error: LetheError): void;
  readonly pace?: ReadingPace | undefined;
}

/** Opens a stream of events until the signal aborts. The stream may be silent for any time. */
export function openEventStream(
  pools: ConnectionPools,
  credentials: UpstreamCredentials,
  request: UpstreamRequest,
  messages: EventStreamListener,
  signal: AbortSignal,
): void {
  const { access } = credentials;
  const choose = (status: number, headers: IncomingHttpHeaders): BodyReader => {
    if (request.method === 'GET') assertGetStream(credentials, status, headers);
    else assertEventStream(credentials, status, headers);
    messages.begun();
    const reader = new MessageReader(true, { onMessage: (message, json) => deliver(messages, message, json) });
    return messages.pace ? new PacedReader(reader, messages.pace) : reader;
  };
  sendRequest(pools.of(access.gateway.target), { ...request, bodyTimeout: 0 }, choose, signal).then(
    () => messages.over(upstreamFailed(access, 'closed_early')),
    (error: unknown) => messages.over(upstreamError(access, error)),
  );
}

function deliver(messages: EventStreamListener, message: JsonValue, json: string): boolean {
  if (isObject(message) && !hasRepeatedMember(json)) messages.message(message, json);
  return true;
}
