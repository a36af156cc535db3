import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { ClientDisconnected } from '../../http/request-body.js';
import { type Done, completeWith } from '../../http/completion.js';
import type { UpstreamAccess } from '../../credentials/upstream-access.js';
import { ErrorReader } from '../../upstream/error-reader.js';
import { bodyKind } from '../../upstream/response-head.js';
import { Aborted, type BodyReader, type ChooseReader, dispatch } from '../../upstream/response-handler.js';
import { upstreamError, upstreamFailed } from '../../upstream/upstream-errors.js';
import type { UpstreamRequest } from '../../upstream/upstream-request.js';
import type { TranslatedResponse } from './translated-response.js';
import { MessageReader, StopReading } from '../../upstream/message-reader.js';

/** How long an upstream may take to end a stream whose answer has come; in time, its connection serves other calls. */
const GRACE_MS = 500;

/**
 * Sends one request upstream and lets its answer be told to the client. Tells the end: LetheError about the upstream, as
 * long as it can be told as a refusal; ClientGone.
 * @param leaving where to say how the exchange is ended when the client leaves; undefined when that ends nothing
 */
export function sendTranslated(
  dispatcher: Dispatcher,
  request: UpstreamRequest,
  access: UpstreamAccess,
  answer: TranslatedResponse,
  leaving: ((abort: () => void) => void) | undefined,
  done: Done,
): void {
  const choose: ChooseReader = (status, headers) => readerOf(status, headers, access, answer);
  let grace: NodeJS.Timeout | undefined;
  const abortable = (abort: () => void): void => {
    leaving?.(abort);
    answer.onStreamDone = () => (grace = setTimeout(abort, request.method === 'POST' ? GRACE_MS : 0));
  };
  dispatch(dispatcher, request, choose, abortable, (error) => {
    clearTimeout(grace);
    completeWith(() => finish(access, answer, error), done);
  });
}

/** @throws LetheError, ClientGone */
function finish(access: UpstreamAccess, answer: TranslatedResponse, error: unknown): void {
  if (error === undefined) return answer.broken();
  if (answer.isDone || error instanceof StopReading) return;
  if (error instanceof Aborted) throw new ClientDisconnected('the client went away');
  answer.broken(upstreamError(access, error));
}

function readerOf(
  status: number,
  headers: IncomingHttpHeaders,
  access: UpstreamAccess,
  answer: TranslatedResponse,
): BodyReader {
  const kind = bodyKind(access, status, headers);
  if (kind === 'error') {
    return new ErrorReader(answer.id, (error) => {
      if (error === undefined) throw upstreamFailed(access, 'http_status', status);
      answer.refused({ ...error });
    });
  }
  answer.isStream = kind === 'event-stream';
  return new MessageReader(answer.isStream, answer);
}
