import type { JsonObject, JsonValue } from '@lethe/contracts';
import { encodeRequest, isObject, META, parseJson, LETHE_CLIENT_INFO } from '@lethe/mcp';
import { sessionHeaders } from '../protocol/legacy.era.js';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { Session } from '../sessions/sessions.js';
import { ownRequestId, type UpstreamSessions } from '../upstream/upstream-sessions.js';
import { HttpSseConnection } from '../upstream/http-sse/connection.js';
import { sendBuffered } from '../upstream/buffered-request.js';
import { Aborted } from '../upstream/response-handler.js';
import { upstreamFailed, upstreamTooSlow } from '../upstream/upstream-errors.js';
import { type ConnectionPools, upstreamRequest } from '../upstream/upstream-client.js';

/**
 * Sends one request to an upstream and resolves with its result.
 * @throws LetheError about the upstream
 */
export type SendQuery = (method: string, params: JsonObject) => Promise<JsonObject>;

const REQUEST_TIMEOUT_MS = 3_000;
/** Longest page of a list: twice the size of a whole catalogue. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Sends requests of Lethe's own to upstreams of any era and transport, with the credentials of one client request. */
export class UpstreamQueries {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
  ) {}

  /**
   * Uses the client's session with the upstream if there is one, else a session that ends with the queries.
   * @param capabilities the client capabilities that are declared to the upstream where there is no such session
   */
  async withConnection<T>(
    credentials: UpstreamCredentials,
    session: Session,
    capabilities: JsonObject,
    query: (send: SendQuery) => Promise<T>,
  ): Promise<T> {
    const { gateway, served } = credentials.access;
    if (gateway.transport === 'sse') return this.overSse(credentials, session, query);
    if (served.era === 'modern') {
      return query((method, params) => this.postModern(credentials, capabilities, method, params));
    }
    const known = session.upstreamSession(gateway, served);
    if (known) {
      const headers = sessionHeaders(known);
      return query((method, params) =>
        this.upstreamSessions.within(credentials, known, () => this.post(credentials, headers, method, params)),
      );
    }
    const clientInfo = session.client?.clientInfo ?? LETHE_CLIENT_INFO;
    const opened = await this.upstreamSessions.open(credentials, session.versionFor(served), clientInfo, capabilities);
    try {
      return await query((method, params) => this.post(credentials, sessionHeaders(opened), method, params));
    } finally {
      void this.upstreamSessions.end(credentials, opened).catch(() => undefined);
    }
  }

  private async overSse<T>(
    credentials: UpstreamCredentials,
    session: Session,
    query: (send: SendQuery) => Promise<T>,
  ): Promise<T> {
    const { served } = credentials.access;
    const ignored = { notification: () => true, onDrain: (resume: () => void) => resume() };
    const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const connection = new HttpSseConnection(this.pools, credentials, ignored, [], limit);
    try {
      const clientInfo = session.client?.clientInfo ?? LETHE_CLIENT_INFO;
      await connection.initialize({ version: session.versionFor(served), clientInfo });
      return await query(async (method, params) =>
        resultIn(parseJson(await connection.request(1, encodeRequest(1, method, params))), credentials),
      );
    } catch (error) {
      throw error instanceof Aborted ? upstreamTooSlow(credentials.access) : error;
    } finally {
      connection.close();
    }
  }

  /** A modern request needs no session; its headers repeat parts of its body (MCP 2026-07-28, streamable HTTP). */
  private postModern(
    credentials: UpstreamCredentials,
    capabilities: JsonObject,
    method: string,
    params: JsonObject,
  ): Promise<JsonObject> {
    const { protocolVersion } = credentials.access.served;
    const headers: [string, string][] = [
      ['mcp-protocol-version', protocolVersion],
      ['mcp-method', method],
    ];
    const meta = {
      [META.protocolVersion]: protocolVersion,
      [META.clientInfo]: LETHE_CLIENT_INFO,
      [META.clientCapabilities]: capabilities,
    };
    return this.post(credentials, headers, method, { ...params, _meta: meta });
  }

  private async post(
    credentials: UpstreamCredentials,
    protocol: [string, string][],
    method: string,
    params: JsonObject,
  ): Promise<JsonObject> {
    const { access } = credentials;
    const id = ownRequestId();
    const request = upstreamRequest(credentials, 'POST', protocol, encodeRequest(id, method, params));
    const dispatcher = this.pools.of(access.gateway.target);
    const limits = { timeoutMs: REQUEST_TIMEOUT_MS, maxBytes: MAX_BYTES, id };
    const { message } = await sendBuffered(dispatcher, credentials, request, limits);
    return resultIn(message, credentials);
  }
}

function resultIn(message: JsonValue | undefined, { access }: UpstreamCredentials): JsonObject {
  const result = isObject(message) ? message['result'] : undefined;
  if (!isObject(result)) throw upstreamFailed(access, 'list');
  return result;
}
