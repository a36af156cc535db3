import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@lethe/contracts';
import { encodeNotification, encodeRequest, isObject, LEGACY_VERSIONS, type RpcId } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { sendBuffered, sendForAnyStatus, type BufferedResponse } from './buffered-request.js';
import { sessionUnknown, upstreamFailed } from './upstream-errors.js';
import { type ConnectionPools, type UpstreamRequest, upstreamRequest } from './upstream-client.js';
import type { UpstreamSession } from '../protocol/era-rules.js';
import { sessionHeaders } from '../protocol/legacy.era.js';
import { RPC } from '../protocol/rpc-error.js';

const SESSION_ID = /^[\x21-\x7e]{1,512}$/;

/** Opens and ends sessions with legacy upstreams, with the credentials of the current request. */
export class UpstreamSessions {
  constructor(private readonly pools: ConnectionPools) {}

  /**
   * Sends `initialize` and `notifications/initialized`, both within the time of one request.
   * @param capabilities the client capabilities that are declared to the upstream
   * @throws LetheError about the upstream
   */
  async open(
    credentials: UpstreamCredentials,
    version: string,
    clientInfo: JsonObject,
    capabilities: JsonObject = {},
  ): Promise<UpstreamSession> {
    const endsAt = performance.now() + this.pools.timing.sessionMs;
    const params = { protocolVersion: version, capabilities, clientInfo };
    const id = 'initialize';
    const response = await this.post(credentials, [], encodeRequest(id, 'initialize', params), id);
    const agreed = agreedVersion(response);
    if (agreed === undefined) throw upstreamFailed(credentials.access, 'initialize', response.status);
    const session: UpstreamSession = { id: sessionIdOf(response), version: agreed, hasEventIds: response.hasEventIds };
    const initialized = encodeNotification('notifications/initialized');
    const request = upstreamRequest(credentials, 'POST', sessionHeaders(session), initialized);
    try {
      await this.send(credentials, request, undefined, Math.max(1, Math.ceil(endsAt - performance.now())));
    } catch (error) {
      void this.end(credentials, session).catch(() => undefined);
      throw error;
    }
    return session;
  }

  /**
   * Ends a session.
   * @throws LetheError about the upstream, also if it does not support that
   */
  async end(credentials: UpstreamCredentials, session: UpstreamSession): Promise<void> {
    if (session.id === undefined) return;
    const request = upstreamRequest(credentials, 'DELETE', sessionHeaders(session), null);
    await this.send(credentials, request);
  }

  /**
   * Delivers one message of the client within the session.
   * @param id as in `post`
   * @throws LetheError about the upstream, `session_unknown` when it has forgotten the session
   */
  async deliver(credentials: UpstreamCredentials, session: UpstreamSession, body: Buffer, id?: RpcId): Promise<void> {
    await this.within(credentials, session, () => this.post(credentials, sessionHeaders(session), body, id));
  }

  /**
   * Sends requests within a session.
   * @throws LetheError what `send` throws; `session_unknown` instead, when the upstream has forgotten the session
   */
  async within<T>(credentials: UpstreamCredentials, session: UpstreamSession, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      const status = error instanceof LetheError ? error.detail['httpStatus'] : undefined;
      const isLost =
        status === 404 ? session.id !== undefined : status === 400 && !(await this.knows(credentials, session));
      if (!isLost) throw error;
      throw sessionUnknown(credentials.access.gateway, { cause: error });
    }
  }

  /**
   * Tells the upstream in the background that a call was cancelled. Without a session it could not tell which call.
   * @param notification the client's `notifications/cancelled`
   */
  cancel(credentials: UpstreamCredentials, session: UpstreamSession, notification: Buffer): void {
    if (session.id === undefined) return;
    void this.post(credentials, sessionHeaders(session), notification).catch(() => undefined);
  }

  /**
   * Asks the upstream by a ping whether it still knows a session. After a 400 nothing else can tell: many servers answer so in
   * a session that has ended, and others when a call is wrong (docs/operations/eras.md). False only if the upstream says so.
   */
  async knows(credentials: UpstreamCredentials, session: UpstreamSession): Promise<boolean> {
    if (session.id === undefined) return true;
    const id = ownRequestId();
    const body = encodeRequest(id, 'ping', {});
    const dispatcher = this.pools.of(credentials.access.gateway.target);
    const limits = { timeoutMs: this.pools.timing.sessionMs, id };
    try {
      const request = upstreamRequest(credentials, 'POST', sessionHeaders(session), body);
      const { status, message } = await sendForAnyStatus(dispatcher, credentials, request, limits);
      return status !== 404 && (status !== 400 || isMethodUnknown(message));
    } catch (error) {
      if (error instanceof LetheError) return true;
      throw error;
    }
  }

  /**
   * Sends a message and reads the response.
   * @param id the id of a request; undefined for a message that has no response
   * @throws LetheError about the upstream
   */
  async post(
    credentials: UpstreamCredentials,
    protocol: readonly (readonly [string, string])[],
    body: Buffer,
    id?: RpcId,
  ): Promise<BufferedResponse> {
    return this.send(credentials, upstreamRequest(credentials, 'POST', protocol, body), id);
  }

  private send(
    credentials: UpstreamCredentials,
    request: UpstreamRequest,
    id?: RpcId,
    timeoutMs = this.pools.timing.sessionMs,
  ): Promise<BufferedResponse> {
    const dispatcher = this.pools.of(credentials.access.gateway.target);
    return sendBuffered(dispatcher, credentials, request, { timeoutMs, id });
  }
}

/** An id for a request of Lethe's own in a client's session, where the client's requests have ids too. */
export function ownRequestId(): string {
  return `lethe-${randomUUID()}`;
}

/** A server without `ping` has looked at the request, so it knows the session. */
function isMethodUnknown(message: JsonObject | undefined): boolean {
  const error = message?.['error'];
  return isObject(error) && error['code'] === RPC.methodNotFound;
}

function agreedVersion({ message }: BufferedResponse): string | undefined {
  const result = message?.['result'];
  const version = isObject(result) ? result['protocolVersion'] : undefined;
  return LEGACY_VERSIONS.find((known) => known === version);
}

function sessionIdOf({ headers }: BufferedResponse): string | undefined {
  const id = headers['mcp-session-id'];
  return typeof id === 'string' && SESSION_ID.test(id) ? id : undefined;
}
