import type { JsonObject } from '@lethe/contracts';
import { encodeNotification, encodeRequest, isObject, LEGACY_VERSIONS, type RpcId } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { sendBuffered, type BufferedResponse } from './buffered-request.js';
import { upstreamFailed } from './upstream-errors.js';
import { type ConnectionPools, type UpstreamRequest, upstreamRequest } from './upstream-client.js';
import type { UpstreamSession } from '../protocol/era-rules.js';
import { sessionHeaders } from '../protocol/legacy.era.js';

const SESSION_ID = /^[\x21-\x7e]{1,512}$/;

/** Opens and ends sessions with legacy upstreams, with the credentials of the current request. */
export class UpstreamSessions {
  constructor(private readonly pools: ConnectionPools) {}

  /**
   * Sends `initialize` and `notifications/initialized`.
   * @param capabilities the client capabilities that are declared to the upstream
   * @throws LetheError about the upstream
   */
  async open(
    credentials: UpstreamCredentials,
    version: string,
    clientInfo: JsonObject,
    capabilities: JsonObject = {},
  ): Promise<UpstreamSession> {
    const params = { protocolVersion: version, capabilities, clientInfo };
    const id = 'initialize';
    const response = await this.post(credentials, [], encodeRequest(id, 'initialize', params), id);
    const agreed = agreedVersion(response);
    if (agreed === undefined) throw upstreamFailed(credentials.access, 'initialize', response.status);
    const session: UpstreamSession = { id: sessionIdOf(response), version: agreed, hasEventIds: response.hasEventIds };
    await this.post(credentials, sessionHeaders(session), encodeNotification('notifications/initialized'));
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
   * @throws LetheError about the upstream, `session_unknown` when it has forgotten the session
   */
  async deliver(credentials: UpstreamCredentials, session: UpstreamSession, body: Buffer): Promise<void> {
    try {
      await this.post(credentials, sessionHeaders(session), body);
    } catch (error) {
      const isLost = error instanceof LetheError && error.detail['httpStatus'] === 404 && session.id !== undefined;
      throw isLost ? new LetheError('session_unknown', {}, { cause: error }) : error;
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

  private send({ access }: UpstreamCredentials, request: UpstreamRequest, id?: RpcId): Promise<BufferedResponse> {
    const { sessionMs } = this.pools.timing;
    return sendBuffered(this.pools.of(access.gateway.target), access, request, { timeoutMs: sessionMs, id });
  }
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
