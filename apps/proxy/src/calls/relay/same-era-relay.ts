import type { IncomingHttpHeaders } from 'node:http';
import { encodeError, relayedJsonHeaders, ResponseIdScanner, waitSeconds } from '@lethe/mcp';
import { completeWith, type Done, type LetheError } from '@lethe/platform';
import { ClientDisconnected } from '../../http/request/request-body.js';
import { retryAfterHeader, STREAM_HEADERS } from '../../http/response/stream-headers.js';
import { clientCapabilitiesOf } from '../../protocol/envelope.js';
import type { UpstreamFailure } from '../../protocol/upstream-failures.js';
import { failureResponse } from '../../request/failure-response.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { Elicitations } from '../../server-requests/elicitations.js';
import { ErrorReader, type UpstreamError, withWait } from '../../upstream/error-reader.js';
import { StopReading } from '../../upstream/message-reader.js';
import { bodyKind, httpFailure, isDownStatus } from '../../upstream/response-head.js';
import type { BodyReader } from '../../upstream/body-reader.js';
import { Aborted } from '../../upstream/response-handler.js';
import { PacedReader } from '../../upstream/paced-reader.js';
import { sessionUnknown, upstreamError, upstreamFailed } from '../../upstream/upstream-errors.js';
import { AnswerReader } from './answer-reader.js';
import { EventStreamRelay, type StreamRules } from './event-stream-relay.js';
import { JsonResponseRelay } from './json-response-relay.js';
import { noteRefusal } from './refusal.js';

/** Relays the upstream's response to one call. The status and headers decide how the body is read. */
export class SameEraRelay {
  private failure: LetheError | undefined;
  private stream: EventStreamRelay | undefined;
  /** The response has begun, as JSON. */
  private isJson = false;
  /** Sends the upstream's 400, whose meaning is not known yet. */
  private refusal: (() => void) | undefined;

  constructor(
    private readonly call: UpstreamCall,
    private readonly rules: () => StreamRules,
    /** Whether the upstream still knows the session of this call. */
    private readonly isSessionKnown: () => Promise<boolean>,
    private readonly done: Done,
  ) {}

  readonly onEnd: Done = (error) => {
    if (error instanceof Aborted) return this.done(new ClientDisconnected('the client disconnected'));
    const isRead = error === undefined || error instanceof StopReading;
    const { refusal } = this;
    if (isRead && refusal) return completeWith(() => this.sendUnlessLost(refusal), this.done);
    if (isRead || this.finishBroken(error)) return this.done(this.failure);
    this.done(upstreamError(this.call.credentials.access, error));
  };

  /**
   * Aborts the upstream request when the client disconnects: always in the modern era; in the legacy era only if the
   * client can resume the stream, at any replica, or if the response is on its way: the call is over, but a body may have no
   * end.
   */
  readonly onAbortable = (abort: () => void): void => {
    const { response, era } = this.call;
    response.onDisconnect(() => {
      if (era.disconnectCancels || this.isJson || this.stream?.isResumable) abort();
    });
  };

  readonly onResponse = (status: number, headers: IncomingHttpHeaders): BodyReader => {
    const { credentials, session, response, message } = this.call;
    const { access } = credentials;
    this.call.upstreamStatus = status;
    if (this.call.pass && !isDownStatus(status)) this.call.pass.responded(performance.now());
    if (status === 404 && session.continues(access.gateway)) throw sessionUnknown(access.gateway);
    const kind = bodyKind(credentials, status, headers);
    if (kind === 'error') return new ErrorReader(message.id, (error) => this.onError(status, headers, error));
    if (kind === 'json') return this.json(headers);
    const rules = {
      ...this.rules(),
      onUnanswered: (why: UpstreamFailure) => this.endUnanswered(why),
      onAnswer: (json: string) => this.call.trace?.answered(json),
    };
    response.beginStream(200, STREAM_HEADERS);
    this.stream = new EventStreamRelay(response, message.id, session.clientVersion, rules);
    return new PacedReader(this.stream, this.stream.notifications);
  };

  private json(headers: IncomingHttpHeaders): BodyReader {
    const { response, message, credentials } = this.call;
    if (!response.isOpen) throw new Aborted('the client disconnected');
    this.isJson = true;
    const relay = new JsonResponseRelay(response, relayedJsonHeaders(headers), new ResponseIdScanner(message.id), {
      mayAsk: offersElicitation(this.call),
      asShown: (json) => Elicitations.of(credentials.access).inResponse(json),
      failure: (why) => upstreamFailed(credentials.access, why),
      refused: (bytes) => noteRefusal(bytes.toString('utf8'), (code) => this.rules().refused?.(code)),
    });
    return this.call.trace ? new AnswerReader(relay, this.call.trace) : relay;
  }

  private endUnanswered(why: UpstreamFailure): string {
    this.failure = upstreamFailed(this.call.credentials.access, why);
    return failureResponse(this.call, this.failure).json;
  }

  /** Ends a broken event stream with an error that the client can read; false when there is no stream. */
  private finishBroken(error: unknown): boolean {
    this.stream?.finish(error);
    return this.stream !== undefined;
  }

  private onError(status: number, headers: IncomingHttpHeaders, error: UpstreamError | undefined): void {
    const send = (): void => this.sendError(status, headers, error);
    const mayBeLost = status === 400 && this.call.session.continues(this.call.credentials.access.gateway);
    if (mayBeLost) this.refusal = send;
    else send();
  }

  /** @throws LetheError `session_unknown`; otherwise the 400 is about this call alone */
  private async sendUnlessLost(send: () => void): Promise<void> {
    if (!(await this.isSessionKnown())) throw sessionUnknown(this.call.credentials.access.gateway);
    send();
    if (this.failure) throw this.failure;
  }

  private sendError(status: number, headers: IncomingHttpHeaders, error: UpstreamError | undefined): void {
    const { credentials, message, response, era } = this.call;
    if (!error) {
      this.failure = httpFailure(credentials, status, headers);
      return;
    }
    this.call.trace?.failed(error.code);
    this.rules().refused?.(error.code);
    const seconds = waitSeconds(status, headers, Date.now());
    const json = encodeError(message.id, withWait(error, seconds));
    const shown = Elicitations.of(credentials.access).inResponse(json);
    if (shown === undefined) this.failure = upstreamFailed(credentials.access, 'elicitation_url');
    else response.sendJson(era.relayedErrorStatus(status), shown, retryAfterHeader(seconds));
  }
}

/** Whether a person can be asked during this call. */
function offersElicitation({ era, message, session }: UpstreamCall): boolean {
  if (era.allowsServerRequests) return session.offers('elicitation');
  return clientCapabilitiesOf(message)['elicitation'] !== undefined;
}
