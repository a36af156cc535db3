import type { IncomingHttpHeaders } from 'node:http';
import { waitSeconds } from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import { ClientDisconnected } from '../../http/request/request-body.js';
import { type Done, completeWith } from '@lethe/platform';
import type { UpstreamAccess, UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import { ErrorReader } from '../../upstream/error-reader.js';
import { bodyKind, httpFailure } from '../../upstream/response-head.js';
import type { BodyReader } from '../../upstream/body-reader.js';
import { Aborted, type ChooseReader, dispatch } from '../../upstream/response-handler.js';
import { upstreamError } from '../../upstream/upstream-errors.js';
import type { UpstreamRequest } from '../../upstream/upstream-client.js';
import type { TranslatedResponse } from './translated-response.js';
import { MessageReader, StopReading } from '../../upstream/message-reader.js';
import { PacedReader } from '../../upstream/paced-reader.js';

/** How long an upstream may take to end its stream after the response. If it does, the connection can be reused. */
const STREAM_END_TIMEOUT_MS = 500;

/**
 * Sends one request upstream and passes the upstream's messages to `response`. Errors passed to `done`: LetheError about the
 * upstream, while the client has no response yet; ClientDisconnected.
 * @param onAbortable gets the function that aborts the request, for when the client disconnects or cancels
 */
export function sendTranslated(
  dispatcher: Dispatcher,
  request: UpstreamRequest,
  credentials: UpstreamCredentials,
  response: TranslatedResponse,
  onAbortable: (abort: () => void) => void,
  done: Done,
): void {
  const choose: ChooseReader = (status, headers) => readerOf(status, headers, credentials, response);
  let timer: NodeJS.Timeout | undefined;
  const registerAbort = (abort: () => void): void => {
    onAbortable(abort);
    const timeoutMs = request.method === 'POST' ? STREAM_END_TIMEOUT_MS : 0;
    const abortSoon = (): void => void (timer = setTimeout(abort, timeoutMs));
    response.onStreamDone = abortSoon;
  };
  dispatch(dispatcher, request, choose, registerAbort, (error) => {
    clearTimeout(timer);
    response.sendWaiting();
    completeWith(() => finish(credentials.access, response, error), done);
  });
}

/** @throws LetheError, ClientDisconnected */
function finish(access: UpstreamAccess, response: TranslatedResponse, error: unknown): void {
  if (error === undefined) return response.fail();
  if (response.hasResponded || error instanceof StopReading) return;
  if (error instanceof Aborted) throw new ClientDisconnected('the client disconnected');
  response.fail(upstreamError(access, error));
}

function readerOf(
  status: number,
  headers: IncomingHttpHeaders,
  credentials: UpstreamCredentials,
  response: TranslatedResponse,
): BodyReader {
  response.onStatus(status);
  const kind = bodyKind(credentials, status, headers);
  if (kind === 'error') {
    return new ErrorReader(response.id, (error) => {
      if (error === undefined) throw httpFailure(credentials, status, headers);
      response.respondWithError(error, waitSeconds(status, headers, Date.now()));
    });
  }
  if (kind !== 'event-stream') return new MessageReader(false, response);
  response.onStream();
  const { notifications } = response;
  return new PacedReader(new MessageReader(true, response, notifications), notifications);
}
