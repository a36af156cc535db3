import type { Era, ItemKind, JsonObject } from '@lethe/contracts';
import { isObject, LIST_OF, ListPages } from '@lethe/mcp';
import { LetheError, withTimeout } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import { UpstreamAccess, UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { omissionOf } from '../protocol/omissions.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { Gateway, GatewayEra } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import type { Session } from '../sessions/sessions.js';
import { upstreamFailed, upstreamTooSlow } from '../upstream/upstream-errors.js';
import type { SendQuery, UpstreamQueries } from './upstream-queries.js';

const MAX_PAGES = 20;

/** One caller's own lists of the gateways with `listing: live`, fetched for one request. */
export interface LiveList {
  /** Whether the caller's own list, fetched for this request, has the item. */
  shows(route: ExposedItem): boolean;
  /** Gateways whose list could not be fetched, and why. Their items are omitted. */
  readonly omitted: readonly JsonObject[];
  /** For how long the upstreams allow their lists to be cached. */
  readonly ttlMs: number;
}

/** A request for a live list. */
export interface LiveListRequest {
  readonly caller: Caller;
  readonly headers: RequestHeaders;
  readonly session: Session;
  /** The client's. */
  readonly era: Era;
  /** The client's, if the list depends on them. */
  readonly capabilities: JsonObject;
  readonly method: string;
  readonly rule: { readonly kind: ItemKind; readonly member: string };
}

interface Found {
  readonly names: ReadonlySet<string>;
  readonly ttlMs: number;
}

/** Whether lists of a virtual server depend on the caller. */
export function isLive({ gateways }: VirtualServer): boolean {
  return gateways.some(({ isListed }) => !isListed);
}

/** Fetches the caller's own lists from upstreams with `listing: live`, with the caller's own credentials. */
export class LiveLists {
  constructor(
    private readonly queries: UpstreamQueries,
    /** For the whole list of one upstream. */
    private readonly timeoutMs: number,
  ) {}

  /**
   * Resolves with undefined when no gateway with items of this kind is listed live: the list is the same for every
   * caller.
   */
  async fetch(request: LiveListRequest): Promise<LiveList | undefined> {
    const routes = [...request.caller.server.items[request.rule.kind].values()];
    const live = routes.filter(({ isOpen, gateway }) => isOpen && !gateway.isListed);
    if (live.length === 0) return undefined;
    // An item that an upstream has in one era only is in the list of that era.
    const upstreams = [...new Map(live.map((route) => [route.servedIn(request.era), route.gateway]))];
    const lists = await Promise.all(upstreams.map(([served, gateway]) => this.listOf(gateway, served, request)));
    const found = new Map<GatewayEra, Found>();
    const omitted = new Map<string, JsonObject>();
    for (const [at, [served, { slug }]] of upstreams.entries()) {
      const list = lists[at];
      if (list instanceof LetheError) omitted.set(slug, omissionOf(slug, list, request.caller.server));
      else if (list) found.set(served, list);
    }
    return {
      shows: (route) => found.get(route.servedIn(request.era))?.names.has(route.own) ?? false,
      omitted: [...omitted.values()],
      ttlMs: Math.min(...[...found.values()].map(({ ttlMs }) => ttlMs)),
    };
  }

  /** Resolves with an error when one upstream fails, so that the others are still listed. */
  private async listOf(gateway: Gateway, served: GatewayEra, request: LiveListRequest): Promise<Found | LetheError> {
    const { caller, headers, session, capabilities } = request;
    try {
      const credentials = UpstreamCredentials.select(headers, UpstreamAccess.forGateway(caller, gateway, served));
      const query = (send: SendQuery): Promise<Found> => allPages(send, credentials, request);
      const listed = this.queries.withConnection(credentials, session, capabilities, query);
      return await withTimeout(this.timeoutMs, listed, () => upstreamTooSlow(credentials.access));
    } catch (error) {
      // The caller's session is over: a shorter list would hide that.
      if (error instanceof LetheError && error.code !== 'session_unknown') return error;
      throw error;
    }
  }
}

/** A missing or invalid `ttlMs` sets no limit (MCP 2026-07-28, caching). */
function ttlOf({ ttlMs }: JsonObject): number {
  return typeof ttlMs === 'number' && Number.isSafeInteger(ttlMs) && ttlMs >= 0 ? ttlMs : Infinity;
}

async function allPages(
  send: SendQuery,
  credentials: UpstreamCredentials,
  { method, rule }: LiveListRequest,
): Promise<Found> {
  const names = new Set<string>();
  const pages = new ListPages();
  let ttlMs = Infinity;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result = await pageAt(send, method, pages);
    if (!result) return { names, ttlMs };
    const items = result[rule.member];
    if (!Array.isArray(items)) throw upstreamFailed(credentials.access, 'list');
    for (const item of items) {
      const own = isObject(item) ? item[LIST_OF[rule.kind].own] : undefined;
      if (typeof own === 'string') names.add(own);
    }
    ttlMs = Math.min(ttlMs, ttlOf(result));
    if (pages.take(items, result['nextCursor']) !== 'more') return { names, ttlMs };
  }
  throw upstreamFailed(credentials.access, 'list');
}

async function pageAt(
  send: SendQuery,
  method: string,
  { cursor, mayBeOver }: ListPages,
): Promise<JsonObject | undefined> {
  try {
    return await send(method, cursor === undefined ? {} : { cursor });
  } catch (error) {
    if (mayBeOver && error instanceof LetheError && error.code === 'upstream_failed') return undefined;
    throw error;
  }
}
