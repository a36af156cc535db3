import type { JsonObject, JsonValue } from '@lethe/contracts';
import { encodeRequest, isObject, LETHE_CLIENT_INFO, META, parseJson } from '@lethe/mcp';
import type { Lent } from '../passthrough/lent.js';
import type { Session } from '../sessions/session.js';
import { headersOf, type Visits } from '../sessions/visits.js';
import { SseConnection } from '../sse-upstreams/sse-connection.js';
import { exchangeShortly } from '../upstreams/short-exchange.js';
import { networkFailure, statusFailure, upstreamFailed } from '../upstreams/upstream-failure.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import { upstreamRequest } from '../upstreams/upstream-request.js';

/** One question to an upstream and its result. @throws LetheError about the upstream */
export type Ask = (method: string, params: JsonObject) => Promise<JsonObject>;

const REQUEST_TIMEOUT_MS = 3_000;
/** A page of a list; twice what a whole catalogue may hold. */
const MAX_BYTES = 4 * 1024 * 1024;

/** Puts questions of Lethe's own to upstreams of any era and transport, with what one request of a client lends. */
export class Inquiries {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly visits: Visits,
  ) {}

  /** Asks within the client's session where there is one, else in one that ends with the inquiry. */
  async hold<T>(lent: Lent, session: Session, inquire: (ask: Ask) => Promise<T>): Promise<T> {
    const { gateway } = lent.grant;
    if (gateway.transport === 'sse') return this.overSse(lent, session, inquire);
    if (gateway.era === 'modern') return inquire((method, params) => this.askModern(lent, method, params));
    const known = session.with(gateway);
    if (known) return inquire((method, params) => this.post(lent, headersOf(known), method, params));
    const clientInfo = session.client?.clientInfo ?? LETHE_CLIENT_INFO;
    const opened = await this.visits.open(lent, session.versionFor(gateway), clientInfo);
    try {
      return await inquire((method, params) => this.post(lent, headersOf(opened), method, params));
    } finally {
      void this.visits.end(lent, opened).catch(() => undefined);
    }
  }

  private async overSse<T>(lent: Lent, session: Session, inquire: (ask: Ask) => Promise<T>): Promise<T> {
    const { gateway } = lent.grant;
    const nobody = { notification: () => true, onDrain: (resume: () => void) => resume() };
    const limit = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const connection = new SseConnection(this.pools.of(gateway.target), lent, nobody, [], limit);
    try {
      const clientInfo = session.client?.clientInfo ?? LETHE_CLIENT_INFO;
      await connection.initialize({ version: session.versionFor(gateway), clientInfo });
      return await inquire(async (method, params) =>
        resultIn(parseJson(await connection.ask(1, encodeRequest(1, method, params))), lent),
      );
    } finally {
      connection.close();
    }
  }

  /** A modern request stands alone and repeats itself in headers (MCP 2026-07-28, streamable HTTP). */
  private askModern(lent: Lent, method: string, params: JsonObject): Promise<JsonObject> {
    const { protocolVersion } = lent.grant.gateway;
    const headers: [string, string][] = [
      ['mcp-protocol-version', protocolVersion],
      ['mcp-method', method],
    ];
    const meta = {
      [META.protocolVersion]: protocolVersion,
      [META.clientInfo]: LETHE_CLIENT_INFO,
      [META.clientCapabilities]: {},
    };
    return this.post(lent, headers, method, { ...params, _meta: meta });
  }

  private async post(
    lent: Lent,
    protocol: [string, string][],
    method: string,
    params: JsonObject,
  ): Promise<JsonObject> {
    const { grant } = lent;
    const request = upstreamRequest(lent, 'POST', protocol, encodeRequest(1, method, params));
    const dispatcher = this.pools.of(grant.gateway.target);
    const answer = await exchangeShortly(dispatcher, request, REQUEST_TIMEOUT_MS, MAX_BYTES).catch((error: unknown) => {
      throw networkFailure(grant, error);
    });
    const { status, headers } = answer;
    const failure = statusFailure(grant, status, headers);
    if (failure) throw failure;
    return resultIn(answer.message, lent);
  }
}

function resultIn(message: JsonValue | undefined, { grant }: Lent): JsonObject {
  const result = isObject(message) ? message['result'] : undefined;
  if (!isObject(result)) throw upstreamFailed(grant, 'list');
  return result;
}
