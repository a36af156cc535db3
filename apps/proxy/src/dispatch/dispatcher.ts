import { completeWith, type Done, LetheError, runCatching } from '@lethe/platform';
import type { Authenticator } from '../auth/authenticator.js';
import type { CallForwarder } from '../calls/call-forwarder.js';
import { UpstreamAccess, UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { corsHeaders, preflightHeaders } from '../http/request/cors.js';
import { checkContentType, type HostOriginPolicy } from '../http/request/host-origin-policy.js';
import type { ServeMcp } from '../http/http-engine.js';
import type { HttpRequest } from '../http/request/http-request.js';
import { NO_BODY, readBody } from '../http/request/request-body.js';
import { RequestHeaderParser } from '../http/request/request-headers.js';
import type { ResponseWriter } from '../http/response/response-writer.js';
import type { CallLimits } from '../limits/call-limits.js';
import type { SessionStreams } from '../notifications/get-stream/session-streams.js';
import { decodeRequest } from '../request/decode-message.js';
import { type IdentifiedRequest, McpRequest, type ReadBody, type ResolvedTarget } from '../request/mcp-request.js';
import type { Sessions } from '../sessions/sessions.js';
import type { CallLog } from '../telemetry/call-log.js';
import type { SessionBroadcast } from '../upstream/session-broadcast.js';
import type { GatewayMethods } from './gateway-methods.js';
import { checkTarget, isCompletable, isForOneUpstream, resolveTarget } from './resolve-target.js';
import type { FailureSender } from './failure-sender.js';

/** The services that the steps of the dispatcher call. */
export interface DispatcherParts {
  readonly policy: HostOriginPolicy;
  readonly auth: Pick<Authenticator, 'identify'>;
  readonly callLog: CallLog;
  readonly sessions: Sessions;
  readonly gatewayMethods: GatewayMethods;
  readonly limits: CallLimits;
  readonly calls: CallForwarder;
  readonly sessionStreams: SessionStreams;
  readonly broadcast: SessionBroadcast;
  readonly failures: FailureSender;
}

/**
 * Takes each request to `/servers/{slug}/mcp` through its steps. Three things are waited for, all by callback: the keys of a
 * JWT's issuer, the body, the upstream. A call with a key creates no promise: each would cost a turn of the microtask queue.
 */
export class Dispatcher {
  private readonly headerParser = new RequestHeaderParser();

  constructor(private readonly parts: DispatcherParts) {}

  /** Serves one request. Calls `ended` once, when nothing more is done for it. */
  readonly serve: ServeMcp = (incoming, response, slug, ended) => {
    let request: McpRequest | undefined;
    let isDone = false;
    const done: Done = (error) => {
      if (isDone) return;
      isDone = true;
      if (error !== undefined) this.parts.failures.send(response, request, error);
      ended();
    };
    runCatching(() => {
      request = this.admit(incoming, response, slug); // 1 admit
      if (request) this.dispatch(request, done);
      else done();
    }, done);
  };

  /** Errors passed to `done`: LetheError, ClientDisconnected. */
  private dispatch(request: McpRequest, done: Done): void {
    const caller = this.parts.auth.identify(request); // 2 identify
    if (caller instanceof Promise) caller.then((identified) => this.read(request, identified, done)).catch(done);
    else this.read(request, caller, done);
  }

  private read(request: McpRequest, caller: IdentifiedRequest['caller'], done: Done): void {
    request.setCaller(caller);
    request.response.callerIsKnown();
    request.readBody((body) => {
      request.body = body;
      runCatching(() => this.handle(request, done), done);
    }, done);
  }

  private handle(request: IdentifiedRequest, done: Done): void {
    const { callLog, sessions, gatewayMethods, calls, sessionStreams } = this.parts;
    if (request.method === 'GET') return completeWith(() => sessionStreams.serve(request), done);
    if (request.method === 'DELETE') return completeWith(() => this.endSession(request), done);
    decodeRequest(request); // 3 decode
    const end = callLog.begin(request, done); // 9 record, at the end
    runCatching(() => {
      request.setSession(sessions.open(request)); // 4 open the session
      if (!isForOneUpstream(request)) return completeWith(() => gatewayMethods.respond(request), end);
      request.setTarget(resolveTarget(request)); // 5 resolve
      checkTarget(request);
      if (!isCompletable(request)) return completeWith(() => gatewayMethods.completeNothing(request), end);
      const access = UpstreamAccess.forItem(request.caller, request.target.item, request.era.era); // 6 authorize
      request.setCredentials(UpstreamCredentials.select(request.headers, access)); // 7 select credentials
      calls.forward(request, this.limited(request, end)); // 8 forward
    }, end);
  }

  /**
   * Counts a tool call, if its virtual server has limits, or if it has a kept credential.
   * @throws LetheError `rate_limited`
   */
  private limited({ caller, target, credentials }: IdentifiedRequest & { target: ResolvedTarget }, end: Done): Done {
    const { server } = caller;
    const limits = credentials?.isKept === true ? server.keptLimits : server.manifest.limits;
    if (!limits || target.item.kind !== 'tool') return end;
    const release = this.parts.limits.admit(limits, caller, target.item);
    if (!release) return end;
    return (error) => {
      release();
      end(error);
    };
  }

  /**
   * Checks the HTTP head, before the caller is identified. Undefined for `OPTIONS`, which it responds to itself.
   * @throws LetheError about headers, Host, Origin, method, content type
   */
  private admit(incoming: HttpRequest, response: ResponseWriter, slug: string): McpRequest | undefined {
    const { policy } = this.parts;
    const headers = this.headerParser.parse(incoming.rawHeaders);
    headers.reply = response;
    const host = policy.checkHost(headers, incoming.url);
    const origin = policy.checkOrigin(headers, host);
    if (origin !== undefined) response.setHeaders(corsHeaders(origin));
    const { method } = incoming;
    if (method === 'OPTIONS') {
      response.sendEmpty(204, preflightHeaders(headers));
      return undefined;
    }
    if (method === 'GET' || method === 'DELETE') return new McpRequest(method, slug, headers, response, readNothing);
    if (method !== 'POST') throw new LetheError('method_not_allowed');
    checkContentType(headers);
    const read: ReadBody = (onBody, onError) => readBody(incoming, response, onBody, onError);
    return new McpRequest('POST', slug, headers, response, read);
  }

  private async endSession({ headers, caller, response }: IdentifiedRequest): Promise<void> {
    const { sessions, broadcast } = this.parts;
    const session = sessions.continue(headers.get('mcp-session-id'), caller, '');
    await Promise.all([sessions.end(session), broadcast.end(headers, caller, session)]);
    response.sendEmpty(200);
  }
}

const readNothing: ReadBody = (onBody) => onBody(NO_BODY);
