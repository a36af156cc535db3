import type { IncomingHttpHeaders } from 'node:http';
import { encodeSseEvent } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { ClientDisconnected } from '../../http/request/request-body.js';
import { errorBody } from '../../protocol/errors.js';
import type { StreamEnd } from '../../telemetry/stream-log.js';
import { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import type { Session } from '../../sessions/sessions.js';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import { sessionHeaders } from '../../protocol/legacy.era.js';
import type { BodyReader } from '../../upstream/body-reader.js';
import { PacedReader } from '../../upstream/paced-reader.js';
import { Aborted, sendRequest } from '../../upstream/response-handler.js';
import { sessionUnknown, upstreamError, upstreamFailed } from '../../upstream/upstream-errors.js';
import type { RunningCalls } from '../../replicas/running-calls.js';
import { httpFailure, statusFailure, reconnectDecision } from '../../upstream/response-head.js';
import { type ConnectionPools, upstreamRequest } from '../../upstream/upstream-client.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import { type ResponseRules, EventStreamRelay } from '../../calls/relay/event-stream-relay.js';
import { BEFORE_STREAM_MS, STREAM_HEADERS } from '../../http/response/stream-headers.js';
import { serverRequestPolicy } from '../../server-requests/server-request-policy.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { LocalResponses } from '../../server-requests/local-responses.js';
import type { SealedIds, ResumptionPoint } from '../../server-requests/sealed-ids.js';
import type { SessionStreamOptions } from './session-stream.js';

/** Where the stream of one call is resumed. */
export type CallResumptionPoint = Extract<ResumptionPoint, { of: 'call' }>;

/** Errors that another attempt can't fix. They are sent as the call's response. */
const PERMANENT = new Set([
  'credential_required',
  'gateway_unavailable',
  'upstream_rejected_credential',
  'kept_credential_rejected',
  'kept_credential_only',
  'kept_not_granted',
  'upstream_failed',
  'item_unknown',
  'resource_unknown',
]);

/**
 * Resumes the stream of one call, on any replica.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 */
export class CallResumption {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly sealed: SealedIds,
    private readonly localResponses: LocalResponses,
    private readonly running: RunningCalls,
    private readonly notifications: NotificationFilters,
  ) {}

  /**
   * Serves the stream to its end.
   * @throws LetheError `session_unknown`, `stream_unavailable`; ClientDisconnected
   */
  async resume(options: SessionStreamOptions, resumptionPoint: CallResumptionPoint): Promise<StreamEnd> {
    const { request, session } = options;
    const { caller, headers, response } = request;
    const gateway = caller.server.gateways.find(({ slug }) => slug === resumptionPoint.gateway);
    const upstream = gateway && session.upstreamSession(gateway);
    if (!upstream) throw new LetheError('session_unknown', { gateway: resumptionPoint.gateway });
    let forget: (() => void) | undefined;
    try {
      assertStillAllowed(caller.server, resumptionPoint);
      const credentials = UpstreamCredentials.forGateway(headers, caller, gateway, 'legacy');
      const cancel = (bytes: Buffer): void => this.upstreamSessions.cancel(credentials, upstream, bytes);
      const progressKey = session.progressKey(gateway.slug, resumptionPoint.progressToken);
      forget = this.running.track(session.callKey(resumptionPoint.request), { cancel, progressKey });
      const relay = (): Promise<StreamEnd> => this.relay(options, resumptionPoint, credentials, upstream);
      return await this.upstreamSessions.within(credentials, upstream, relay);
    } catch (error) {
      if (!(error instanceof LetheError) || !PERMANENT.has(error.code)) throw error;
      response.beginStream(200, STREAM_HEADERS);
      response.write(encodeSseEvent(errorBody(error, resumptionPoint.request, caller.server)));
      response.end();
      return 'answered';
    } finally {
      forget?.();
    }
  }

  private async relay(
    options: SessionStreamOptions,
    resumptionPoint: CallResumptionPoint,
    credentials: UpstreamCredentials,
    upstream: UpstreamSession,
  ): Promise<StreamEnd> {
    const { session, closing } = options;
    const { response } = options.request;
    const answered = new AbortController();
    let stream: EventStreamRelay | undefined;
    const choose = (status: number, headers: IncomingHttpHeaders): BodyReader => {
      assertOpen(credentials, upstream, status, headers);
      response.beginStream(200, STREAM_HEADERS);
      const rules = {
        ...this.rules(session, resumptionPoint, credentials, upstream),
        onAnswered: () => answered.abort(),
      };
      stream = new EventStreamRelay(response, resumptionPoint.request, session.clientVersion, rules, true);
      return new PacedReader(stream, stream.notifications);
    };
    const request = upstreamRequest(
      credentials,
      'GET',
      [...sessionHeaders(upstream), ['last-event-id', resumptionPoint.id]],
      null,
    );
    const signal = AbortSignal.any([answered.signal, response.disconnected, closing]);
    // A front of the upstream may hold back the head until the first event.
    response.beginStreamAfter(BEFORE_STREAM_MS, 200, STREAM_HEADERS);
    try {
      await sendRequest(this.pools.of(credentials.access.gateway.target), request, choose, signal);
    } catch (error) {
      if (error instanceof LetheError) throw error;
      if (error instanceof Aborted && response.disconnected.aborted)
        throw new ClientDisconnected('the client disconnected');
      if (!stream) throw notNow(upstreamError(credentials.access, error));
      stream.finish(error);
      if (closing.aborted) return 'replica_ending';
    }
    return stream?.isResumable === true ? 'upstream_ended' : 'answered';
  }

  private rules(
    session: Session,
    resumptionPoint: CallResumptionPoint,
    credentials: UpstreamCredentials,
    upstream: UpstreamSession,
  ): ResponseRules {
    const { request, progressToken } = resumptionPoint;
    return {
      policy: serverRequestPolicy(session, this.sealed, credentials.access, undefined),
      resumptionPoint: (id) => this.sealed.sealResumptionPoint(session, { ...resumptionPoint, id }),
      notifications: (emit) => this.notifications.ofResumedCall(credentials.access, progressToken, emit),
      answer: (response) => this.localResponses.send(credentials, upstream, response),
      onUnanswered: (why) =>
        errorBody(upstreamFailed(credentials.access, why), request, credentials.access.caller.server),
    };
  }
}

/**
 * The caller's roles may have changed since the call began.
 * @throws LetheError as for a call of something that does not exist: `item_unknown`, `resource_unknown`
 */
function assertStillAllowed(server: VirtualServer, { item, gateway }: CallResumptionPoint): void {
  if (!server.isRestricted) return;
  if (!item) throw new LetheError('item_unknown');
  const { kind, exposed } = item;
  const template = kind === 'resourceTemplate' ? server.items.resourceTemplate.get(exposed) : undefined;
  const found = template ?? server.resolve(kind === 'resourceTemplate' ? 'resource' : kind, exposed);
  if (found.gateway.slug !== gateway) throw new LetheError('item_unknown');
}

/** @throws LetheError when the upstream does not resume the stream */
function assertOpen(
  credentials: UpstreamCredentials,
  upstream: UpstreamSession,
  status: number,
  headers: IncomingHttpHeaders,
): void {
  const failure = statusFailure(credentials, status, headers);
  if (failure) throw failure;
  const decision = reconnectDecision(status, headers, upstream.id !== undefined);
  if (decision === 'lost') throw sessionUnknown(credentials.access.gateway);
  if (decision === 'later') throw notNow(httpFailure(credentials, status, headers));
  if (decision !== 'open') throw upstreamFailed(credentials.access, 'not_resumable', status);
}

/** The error for a stream that another attempt may resume. */
function notNow(failure: LetheError): LetheError {
  return new LetheError('stream_unavailable', failure.detail, { cause: failure });
}
