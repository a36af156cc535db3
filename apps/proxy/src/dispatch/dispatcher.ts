import type { Authenticator } from '../auth/authenticator.js';
import type { CallForwarder } from '../calls/call-forwarder.js';
import { UpstreamAccess } from '../credentials/upstream-access.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { completeWith, type Done, runCatching } from '../http/completion.js';
import type { SessionStreams } from '../notifications/get-stream/session-streams.js';
import { decodeRequest } from '../request/decode-message.js';
import type { IdentifiedRequest, McpRequest } from '../request/mcp-request.js';
import type { Sessions } from '../sessions/sessions.js';
import type { CallLog } from '../telemetry/call-log.js';
import type { SessionBroadcast } from '../upstream/session-broadcast.js';
import type { GatewayMethods } from './gateway-methods.js';
import { checkTarget, isCompletable, isForOneUpstream, resolveTarget } from './resolve-target.js';

/** The services that the steps of the dispatcher call. */
export interface DispatcherParts {
  readonly auth: Authenticator;
  readonly callLog: CallLog;
  readonly sessions: Sessions;
  readonly gatewayMethods: GatewayMethods;
  readonly calls: CallForwarder;
  readonly sessionStreams: SessionStreams;
  readonly broadcast: SessionBroadcast;
}

/**
 * Runs the steps of a request; `mcp.route.ts` has done the first, admit. `done` is called once, at the end. A call with an
 * API key creates no promise, because each would cost a microtask turn: the body and the upstream are awaited by callback.
 */
export class Dispatcher {
  constructor(private readonly parts: DispatcherParts) {}

  /** Errors passed to `done`: LetheError, ClientDisconnected. */
  dispatch(request: McpRequest, done: Done): void {
    const caller = this.parts.auth.identify(request); // 2 identify
    if (caller instanceof Promise) caller.then((identified) => this.read(request, identified, done)).catch(done);
    else this.read(request, caller, done);
  }

  private read(request: McpRequest, caller: IdentifiedRequest['caller'], done: Done): void {
    request.setCaller(caller);
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
      const access = UpstreamAccess.forItem(request.caller, request.target.item); // 6 authorize
      request.setCredentials(UpstreamCredentials.select(request.headers, access)); // 7 select credentials
      calls.forward(request, end); // 8 forward
    }, end);
  }

  private async endSession({ headers, caller, response }: IdentifiedRequest): Promise<void> {
    const session = this.parts.sessions.continue(headers.get('mcp-session-id'), caller, '');
    await this.parts.broadcast.end(headers, caller, session);
    response.sendEmpty(200);
  }
}
