import type { IncomingHttpHeaders } from 'node:http';
import { encodeError, isForwardableResponseHeader, type RpcId, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { DecodedCall } from '../protocol/message.js';
import type { McpHttpRequest } from '../protocol/exchange.js';
import { ClientDisconnected } from '../http/request-body.js';
import { errorBody } from '../protocol/mcp-error-response.js';
import { type Done, promisify, completeWith } from '../http/completion.js';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { traceHeaders } from '../upstream/trace-context.js';
import type { HttpSseCalls } from './http-sse/http-sse-calls.js';
import type { ExposedItem } from '../routes/table/exposed-item.js';
import type { Session } from '../sessions/session.js';
import type { UpstreamSession } from '../protocol/upstream-session.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';
import { ResponseIdScanner } from './relay/response-id-scanner.js';
import { sourceName, prefixSource } from '../server-requests/attribution.js';
import { EventStreamRelay, STREAM_HEADERS, type StreamRules } from './relay/event-stream-relay.js';
import { AttributedJsonRelay } from './relay/attributed-json-relay.js';
import { NO_SERVER_REQUESTS, serverRequestPolicy } from '../server-requests/server-request-policy.js';
import type { LocalResponses } from '../server-requests/local-responses.js';
import type { SealedIds } from '../server-requests/sealed-ids.js';
import { clientCapabilitiesOf } from '../protocol/envelope.js';
import type { TranslatedCalls } from './translation/translated-call.js';
import { ErrorReader, type UpstreamError } from '../upstream/error-reader.js';
import { JsonResponseRelay } from './relay/json-response-relay.js';
import { bodyKind } from '../upstream/response-head.js';
import { Aborted, type BodyReader, dispatch } from '../upstream/response-handler.js';
import { upstreamError, upstreamFailed } from '../upstream/upstream-errors.js';
import type { ConnectionPools } from '../upstream/connection-pools.js';
import { upstreamRequest } from '../upstream/upstream-request.js';

/** One relayed request: whose, to which item, with what, for which exchange. */
export interface UpstreamCall {
  readonly call: DecodedCall;
  readonly request: RpcRequest;
  /** The request as its owner reads it. */
  readonly body: Buffer;
  readonly route: ExposedItem;
  readonly credentials: UpstreamCredentials;
  readonly session: Session;
  readonly exchange: McpHttpRequest;
}

/** Sends one request to the one upstream it is for and hands the answer on as it comes. Nothing is ever sent twice. */
export class CallForwarder {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly ids: SealedIds,
    private readonly localResponses: LocalResponses,
    private readonly translation: TranslatedCalls,
    private readonly sse: HttpSseCalls,
  ) {}

  /**
   * Tells the end: LetheError about the upstream, `session_unknown`; ClientGone.
   * @throws LetheError `session_unknown`, before anything was sent
   */
  forward(relayed: UpstreamCall, done: Done): void {
    const { call, credentials, session } = relayed;
    const { gateway } = credentials.access;
    if (gateway.transport === 'sse') return completeWith(() => this.sse.forward(relayed), done);
    if (gateway.era !== call.era.era) return this.translation.forward(relayed, done);
    const upstream = session.upstreamSession(gateway);
    if (upstream === null) throw new LetheError('session_unknown');
    if (upstream) return this.relay(relayed, upstream, () => this.streamOf(relayed, upstream), done);
    completeWith(() => this.relayOnce(relayed), done);
  }

  /** A session for this call alone: nothing of it is shared with another. */
  private async relayOnce(relayed: UpstreamCall): Promise<void> {
    const { credentials, session } = relayed;
    const clientInfo = session.client?.clientInfo ?? { name: 'lethe', version: '1' };
    const version = session.versionFor(credentials.access.gateway);
    const upstream = await this.upstreamSessions.open(credentials, version, clientInfo, session.clientCapabilities);
    try {
      await promisify((done) => this.relay(relayed, upstream, () => this.streamOnce(relayed, upstream), done));
    } finally {
      void this.upstreamSessions.end(credentials, upstream).catch(() => undefined);
    }
  }

  private relay(relayed: UpstreamCall, upstream: UpstreamSession, rules: () => StreamRules, done: Done): void {
    const { call, request, route, credentials, exchange } = relayed;
    const protocol = call.era.relayHeaders(request, route.own, exchange.headers, upstream);
    protocol.push(...traceHeaders(exchange.headers));
    const sent = upstreamRequest(credentials, 'POST', protocol, call.era.relayBody(request, relayed.body));
    const answer = new SameEraRelay(relayed, rules, done);
    dispatch(
      this.pools.of(credentials.access.gateway.target),
      sent,
      answer.onResponse,
      answer.onAbortable,
      answer.onEnd,
    );
  }

  /** A stream within the client's session: what is asked on it can be answered, and it can be taken up again. */
  private streamOf(relayed: UpstreamCall, upstream: UpstreamSession): StreamRules {
    const { session, credentials, request } = relayed;
    const gateway = credentials.access.gateway.slug;
    const refuse = (id: RpcId, method: string): void => this.refuse(relayed, upstream, id, method);
    if (upstream.id === undefined) {
      return { policy: { ...NO_SERVER_REQUESTS, source: askerIn(relayed) }, resumptionPoint: () => undefined, refuse };
    }
    return {
      policy: serverRequestPolicy(session, this.ids, credentials.access, undefined),
      resumptionPoint: (id) => this.ids.sealResumptionPoint(session, { of: 'call', gateway, id, request: request.id }),
      refuse,
    };
  }

  /** A stream of a session that ends with it. */
  private streamOnce(relayed: UpstreamCall, upstream: UpstreamSession): StreamRules {
    const policy = serverRequestPolicy(relayed.session, this.ids, relayed.credentials.access, upstream);
    return {
      policy,
      resumptionPoint: () => undefined,
      refuse: (id, method) => this.refuse(relayed, upstream, id, method),
    };
  }

  /** What an upstream asks of the client without having been offered it is answered in the client's place. */
  private refuse({ credentials, call }: UpstreamCall, upstream: UpstreamSession, id: RpcId, method: string): void {
    if (call.era.allowsServerRequests) this.localResponses.send(credentials, upstream, id, method);
  }
}

/** Decides by an answer's head how its body is read, and what its end means. */
class SameEraRelay {
  private failure: LetheError | undefined;
  private stream: EventStreamRelay | undefined;

  constructor(
    private readonly relayed: UpstreamCall,
    private readonly rules: () => StreamRules,
    private readonly done: Done,
  ) {}

  readonly onEnd: Done = (error) => {
    if (error instanceof Aborted) return this.done(new ClientDisconnected('the client went away'));
    if (error === undefined || this.finishBroken(error)) return this.done(this.failure);
    this.done(upstreamError(this.relayed.credentials.access, error));
  };

  /**
   * Aborts when the client is gone and nothing of the answer can reach it here any more: always in the modern era, in the
   * legacy era once the stream can be taken up again elsewhere.
   */
  readonly onAbortable = (abort: () => void): void => {
    const { exchange, call } = this.relayed;
    exchange.response.onDisconnect(() => {
      if (call.era.disconnectCancels || this.stream?.isResumable) abort();
    });
  };

  readonly onResponse = (status: number, headers: IncomingHttpHeaders): BodyReader => {
    const { credentials, session, exchange, request } = this.relayed;
    const { access } = credentials;
    if (status === 404 && session.continues(access.gateway)) throw new LetheError('session_unknown');
    const kind = bodyKind(access, status, headers);
    if (kind === 'error') return new ErrorReader(request.id, (error) => this.sendError(status, error));
    if (kind === 'json') return this.json(headers);
    const rules = { ...this.rules(), onUnanswered: (why: string) => this.endUnanswered(why) };
    exchange.response.beginStream(200, { ...forwardable(headers), ...STREAM_HEADERS });
    return (this.stream = new EventStreamRelay(exchange.response, request.id, session.clientVersion, rules));
  };

  private json(headers: IncomingHttpHeaders): BodyReader {
    const { exchange, request, credentials } = this.relayed;
    const source = askerIn(this.relayed);
    const kept = forwardable(headers);
    const length = headers['content-length'];
    if (source === undefined && length !== undefined) kept['content-length'] = length;
    const failure = (why: string): LetheError => upstreamFailed(credentials.access, why);
    const relay = new JsonResponseRelay(exchange.response, kept, new ResponseIdScanner(request.id), failure);
    return source === undefined ? relay : new AttributedJsonRelay(relay, source);
  }

  private endUnanswered(why: string): string {
    this.failure = upstreamFailed(this.relayed.credentials.access, why);
    return errorBody(this.failure, this.relayed.request.id);
  }

  /** Ends a stream of events that broke with an error the client can read; false when there is none to end. */
  private finishBroken(error: unknown): boolean {
    this.stream?.finish(error);
    return this.stream !== undefined;
  }

  private attributed(json: string): string {
    const source = askerIn(this.relayed);
    return source === undefined ? json : prefixSource(json, source);
  }

  private sendError(status: number, error: UpstreamError | undefined): void {
    const { request } = this.relayed;
    const body = error && this.attributed(encodeError(request.id, error));
    if (body === undefined) this.failure = upstreamFailed(this.relayed.credentials.access, 'http_status', status);
    else this.relayed.exchange.response.sendJson(this.relayed.call.era.relayedErrorStatus(status), body);
  }
}

/** Who asks in an answer to a client that lets a person be asked. */
function askerIn({ call, request, session, credentials }: UpstreamCall): string | undefined {
  const offers = call.era.allowsServerRequests
    ? session.offers('elicitation')
    : clientCapabilitiesOf(request)['elicitation'] !== undefined;
  return offers ? sourceName(credentials.access) : undefined;
}

/** Response headers by allow-list; the upstream's session is not the client's. */
function forwardable(headers: IncomingHttpHeaders): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string' && name !== 'mcp-session-id' && isForwardableResponseHeader(name)) kept[name] = value;
  }
  return kept;
}
