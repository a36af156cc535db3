import { encodeResult, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import type { Authenticator } from '../auth/callers.service.js';
import type { CallLog, CallRecord } from '../telemetry/call-log.js';
import { UpstreamAccess } from '../credentials/upstream-access.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { missingCredentialResult } from './missing-credential-result.js';
import type { SessionBroadcast } from '../upstream/session-broadcast.js';
import type { Gateway } from '../routes/table/gateway.js';
import { declares, supportsSubscriptions } from '../protocol/capabilities.js';
import type { Session } from '../sessions/session.js';
import type { Sessions } from '../sessions/sessions.service.js';
import type { ClientResponses } from '../server-requests/client-responses.js';
import type { SessionStreams } from '../notifications/get-stream/session-streams.js';
import type { CallForwarder } from '../calls/call-forwarder.js';
import { type DecodedCall, decodeCall, idOf } from '../protocol/message.js';
import type { IncomingRequest, McpHttpRequest } from '../protocol/exchange.js';
import type { GatewayMethods } from './gateway-methods.js';
import { resolveTarget, type RoutedRule } from './resolve-target.js';
import { ClientDisconnected } from '../http/request-body.js';
import { asLetheError, McpErrorResponse } from '../protocol/mcp-error-response.js';
import { runCatching, type Done, completeWith } from '../http/completion.js';

/** For references to a gateway that completes nothing: the virtual server as a whole does. */
const NO_COMPLETION = '{"completion":{"values":[],"total":0,"hasMore":false}}';

/** The hot path: from an admitted request to its whole answer (design section 4). */
export class Dispatcher {
  constructor(
    private readonly callers: Authenticator,
    private readonly sessions: Sessions,
    private readonly gatewayMethods: GatewayMethods,
    private readonly calls: CallForwarder,
    private readonly broadcast: SessionBroadcast,
    private readonly clientResponses: ClientResponses,
    private readonly sessionStreams: SessionStreams,
    private readonly callLog: CallLog,
  ) {}

  /**
   * Carries one request out, and tells when it is: also what is refused, a LetheError before the message is known, a
   * Refusal after it; ClientGone. Nothing on the way of a usual call is waited for by a promise: each costs a turn.
   * @throws LetheError `not_ready`, `server_unknown`, `caller_unknown`, before anything was told
   */
  handle(arrival: IncomingRequest, done: Done): void {
    const found = this.callers.identify(arrival);
    if (found instanceof Promise) found.then((caller) => this.read(arrival, caller, done)).catch(done);
    else this.read(arrival, found, done);
  }

  private read({ method, slug, headers, response, readBody }: IncomingRequest, caller: Caller, done: Done): void {
    readBody(
      (body) => runCatching(() => this.take({ method, slug, headers, response, body }, caller, done), done),
      done,
    );
  }

  private take(exchange: McpHttpRequest, caller: Caller, done: Done): void {
    if (exchange.method === 'GET') return completeWith(() => this.sessionStreams.serve(exchange, caller), done);
    if (exchange.method === 'DELETE') return completeWith(() => this.endSession(exchange, caller), done);
    const call = decodeCall(exchange, caller);
    const record = this.callLog.begin(call);
    const end: Done = (error) =>
      runCatching(() => {
        if (error === undefined) this.callLog.succeeded(record);
        else this.callLog.failed(record, error);
        done(error === undefined || error instanceof ClientDisconnected ? error : refusalOf(call, error));
      }, done);
    runCatching(() => this.carryOut(exchange, call, record, end), end);
  }

  private async endSession({ headers, response }: McpHttpRequest, caller: Caller): Promise<void> {
    const session = this.sessions.continue(headers.get('mcp-session-id'), caller, '');
    await this.broadcast.end(headers, caller, session);
    response.sendEmpty(200);
  }

  private carryOut(exchange: McpHttpRequest, call: DecodedCall, record: CallRecord, end: Done): void {
    const { message, rule } = call;
    const session = this.sessions.open(exchange.headers, call);
    if (message.kind === 'response') return completeWith(() => this.takeAnswer(exchange, call, session), end);
    if (!rule) return completeWith(() => answerUnknown(exchange, call), end);
    if (rule.by === 'relay' || rule.by === 'complete') return this.relay(exchange, call, rule, session, record, end);
    completeWith(() => this.gatewayMethods.answer(rule, { exchange, call, session }), end);
  }

  private relay(
    exchange: McpHttpRequest,
    call: DecodedCall,
    rule: RoutedRule,
    session: Session,
    record: CallRecord,
    end: Done,
  ): void {
    const { caller, message: request, era } = call;
    if (request.kind !== 'request') throw new LetheError('message_invalid', { rule: 'id_missing' });
    const { route, body } = resolveTarget(rule, caller.server, request);
    const { gateway } = route;
    record.gateway = gateway.slug;
    if (rule.by === 'complete' && !declares(gateway, 'completions')) {
      completeNothing(exchange, call, request);
      return end();
    }
    if (rule.by === 'relay' && rule.lasts) assertSubscribable(gateway, session);
    const mirror = era.paramHeaderMismatch(request, route.paramHeaders(), exchange.headers);
    if (mirror) throw new LetheError('header_mismatch', { ...mirror });
    const access = UpstreamAccess.forItem(caller, route);
    const credentials = UpstreamCredentials.select(exchange.headers, access);
    this.calls.forward({ call, request, body, route, credentials, session, exchange }, end);
  }

  /** In the modern era nothing is asked on streams, so that nothing can be posted. */
  private takeAnswer(exchange: McpHttpRequest, call: DecodedCall, session: Session): Promise<void> {
    if (!call.era.allowsServerRequests) throw new LetheError('message_invalid', { rule: 'response' });
    return this.clientResponses.deliverResponse(exchange, call, session);
  }
}

/** @throws LetheError `method_unknown` where no gateway completes anything, so that the virtual server does not either */
function completeNothing(exchange: McpHttpRequest, { caller }: DecodedCall, { id }: RpcRequest): void {
  const doesAny = caller.server.gateways.some((gateway) => declares(gateway, 'completions'));
  if (!doesAny) throw new LetheError('method_unknown');
  exchange.response.sendJson(200, encodeResult(id, NO_COMPLETION));
}

/** @throws LetheError `method_unknown`, `gateway_unavailable` when the session was begun without this gateway */
function assertSubscribable(gateway: Gateway, session: Session): void {
  if (!supportsSubscriptions(gateway)) throw new LetheError('method_unknown');
  if (!session.continues(gateway)) {
    throw new LetheError('gateway_unavailable', { gateway: gateway.slug, why: 'no_session' });
  }
}

/** Notifications that mean nothing here are taken and dropped (JSON-RPC: they are never answered). */
function answerUnknown(exchange: McpHttpRequest, { message }: DecodedCall): void {
  if (message.kind === 'request') throw new LetheError('method_unknown');
  exchange.response.sendEmpty(202);
}

function refusalOf(call: DecodedCall, thrown: unknown): McpErrorResponse {
  const error = asLetheError(thrown);
  return new McpErrorResponse(error, idOf(call.message), call.era, missingCredentialResult(call, error));
}
