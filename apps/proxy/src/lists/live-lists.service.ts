import type { ItemKind, JsonObject } from '@lethe/contracts';
import { isObject, LIST_OF } from '@lethe/mcp';
import { type ErrorCode, LetheError, withTimeout } from '@lethe/platform';
import type { Caller } from '../callers/caller.js';
import type { HeaderView } from '../exchange/header-view.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import type { GatewayRoute } from '../routes/gateway-route.js';
import type { ServerRoutes } from '../routes/server-routes.js';
import type { Session } from '../sessions/session.js';
import { upstreamFailed } from '../upstreams/upstream-failure.js';
import type { Ask, Inquiries } from './inquiries.js';
import type { LiveList } from './live-list.js';

/** How long an upstream may take for its whole list; all are asked at the same time. */
export const LIVE_TIMEOUT_MS = 3_000;
const MAX_PAGES = 20;

export interface LiveQuestion {
  readonly caller: Caller;
  readonly headers: HeaderView;
  readonly session: Session;
  readonly method: string;
  readonly rule: { readonly kind: ItemKind; readonly member: string };
}

interface Found {
  readonly names: ReadonlySet<string>;
  readonly ttlMs: number;
}

/** Whether lists of a virtual server depend on who asks. */
export function isLive({ gateways }: ServerRoutes): boolean {
  return gateways.some(({ isListed }) => !isListed);
}

/** Asks upstreams with `listing: live` for the caller's own lists, with the caller's own credentials (design 4.3). */
export class LiveListsService {
  constructor(private readonly inquiries: Inquiries) {}

  /** Undefined when nothing of this kind is listed live: then the list is everybody's. */
  async fetch(question: LiveQuestion): Promise<LiveList | undefined> {
    const routes = [...question.caller.server.items[question.rule.kind].values()];
    const gateways = [...new Set(routes.map(({ gateway }) => gateway))].filter(({ isListed }) => !isListed);
    if (gateways.length === 0) return undefined;
    const lists = await Promise.all(gateways.map((gateway) => this.listOf(gateway, question)));
    const found = new Map<GatewayRoute, Found>();
    const leftOut: { gateway: string; reason: ErrorCode }[] = [];
    for (const [at, gateway] of gateways.entries()) {
      const list = lists[at];
      if (typeof list === 'object') found.set(gateway, list);
      else leftOut.push({ gateway: gateway.slug, reason: list ?? 'internal' });
    }
    return {
      shows: ({ gateway, own }) => found.get(gateway)?.names.has(own) ?? false,
      leftOut,
      ttlMs: Math.min(...[...found.values()].map(({ ttlMs }) => ttlMs)),
    };
  }

  /** Whatever goes wrong with one upstream, the others are listed. */
  private async listOf(gateway: GatewayRoute, question: LiveQuestion): Promise<Found | ErrorCode> {
    const { caller, headers, session } = question;
    try {
      const lent = Lent.fromHeaders(headers, Grant.forGateway(caller, gateway));
      const listed = this.inquiries.hold(lent, session, (ask) => allPages(ask, lent, question));
      return await withTimeout(
        LIVE_TIMEOUT_MS,
        listed,
        () => new LetheError('upstream_unreachable', { gateway: gateway.slug }),
      );
    } catch (error) {
      if (error instanceof LetheError) return error.code;
      throw error;
    }
  }
}

/** What a legacy upstream does not say, and what is not a time, bounds nothing (MCP 2026-07-28, caching). */
function ttlOf({ ttlMs }: JsonObject): number {
  return typeof ttlMs === 'number' && Number.isSafeInteger(ttlMs) && ttlMs >= 0 ? ttlMs : Infinity;
}

async function allPages(ask: Ask, lent: Lent, { method, rule }: LiveQuestion): Promise<Found> {
  const names = new Set<string>();
  let ttlMs = Infinity;
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const result: JsonObject = await ask(method, cursor === undefined ? {} : { cursor });
    const items = result[rule.member];
    if (!Array.isArray(items)) throw upstreamFailed(lent.grant, 'list');
    for (const item of items) {
      const own = isObject(item) ? item[LIST_OF[rule.kind].own] : undefined;
      if (typeof own === 'string') names.add(own);
    }
    ttlMs = Math.min(ttlMs, ttlOf(result));
    const { nextCursor: next } = result;
    if (typeof next !== 'string') return { names, ttlMs };
    cursor = next;
  }
  throw upstreamFailed(lent.grant, 'list');
}
