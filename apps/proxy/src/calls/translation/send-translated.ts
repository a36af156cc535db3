import type { IncomingHttpHeaders } from 'node:http';
import { SseEventTooLarge } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Dispatcher } from 'undici';
import { ClientDisconnected } from '../../http/request-body.js';
import { type Done, completeWith } from '../../http/completion.js';
import type { UpstreamAccess } from '../../credentials/upstream-access.js';
import { ErrorReader } from '../../upstream/error-reader.js';
import { mediaType } from '../../upstream/media-type.js';
import { Aborted, type BodyReader, type ChooseReader, dispatch } from '../../upstream/response-handler.js';
import { networkFailure, statusFailure, upstreamFailed } from '../../upstream/upstream-errors.js';
import type { UpstreamRequest } from '../../upstream/upstream-request.js';
import type { TranslatedResponse } from './translated-response.js';
import { MessageReader, MessageTooLong, StopReading } from '../../upstream/message-reader.js';

/** How long an upstream may take to end its stream after the response. If it does, the connection can be reused. */
const STREAM_END_TIMEOUT_MS = 500;

/**
 * Sends one request upstream and passes what comes back to `response`. Errors passed to `done`: LetheError about the
 * upstream, while the client has no response yet; ClientDisconnected.
 * @param onDisconnect registers how to abort when the client disconnects; undefined if a disconnect must not abort
 */
export function sendTranslated(
  dispatcher: Dispatcher,
  request: UpstreamRequest,
  access: UpstreamAccess,
  response: TranslatedResponse,
  onDisconnect: ((abort: () => void) => void) | undefined,
  done: Done,
): void {
  const choose: ChooseReader = (status, headers) => readerOf(status, headers, access, response);
  let timer: NodeJS.Timeout | undefined;
  const onAbortable = (abort: () => void): void => {
    onDisconnect?.(abort);
    const timeoutMs = request.method === 'POST' ? STREAM_END_TIMEOUT_MS : 0;
    response.onStreamDone = () => (timer = setTimeout(abort, timeoutMs));
  };
  dispatch(dispatcher, request, choose, onAbortable, (error) => {
    clearTimeout(timer);
    completeWith(() => finish(access, response, error), done);
  });
}

/** @throws LetheError, ClientDisconnected */
function finish(access: UpstreamAccess, response: TranslatedResponse, error: unknown): void {
  if (error === undefined) return response.fail();
  if (response.hasResponded || error instanceof StopReading) return;
  if (error instanceof Aborted) throw new ClientDisconnected('the client disconnected');
  response.fail(failureOf(access, error));
}

function failureOf(access: UpstreamAccess, error: unknown): LetheError {
  if (error instanceof LetheError) return error;
  const isTooLong = error instanceof MessageTooLong || error instanceof SseEventTooLarge;
  return isTooLong ? upstreamFailed(access, 'too_long') : networkFailure(access, error);
}

function readerOf(
  status: number,
  headers: IncomingHttpHeaders,
  access: UpstreamAccess,
  response: TranslatedResponse,
): BodyReader {
  const failed = statusFailure(access, status, headers);
  if (failed) throw failed;
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw upstreamFailed(access, 'content_encoding');
  const type = mediaType(headers);
  if (status !== 200) {
    return new ErrorReader(response.id, (error) => {
      if (error === undefined) throw upstreamFailed(access, 'http_status', status);
      response.respondWithError({ ...error });
    });
  }
  const isStream = type === 'text/event-stream';
  if (!isStream && type !== 'application/json') throw upstreamFailed(access, 'content_type', status);
  response.isStream = isStream;
  return new MessageReader(isStream, response);
}
