import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isObject, LETHE_CLIENT_INFO, META } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { Lent } from '../passthrough/lent.js';
import { upstreamFailed } from '../upstreams/upstream-failure.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import { upstreamRequest } from '../upstreams/upstream-request.js';
import { filterJson, isHeard, type NewsFilter, readFilter } from './news-filter.js';
import { openNewsStream } from './news-stream.js';
import type { NewsListener, UpstreamNews } from './upstream-news.js';

/** Longest wait for an acknowledgement. */
const ACKNOWLEDGED_WITHIN_MS = 5_000;
const ACKNOWLEDGED = 'notifications/subscriptions/acknowledged';
/** Each listen has its own stream, so that the id need not differ. */
const ID = 'listen';

/** News of a modern upstream: `subscriptions/listen` (MCP 2026-07-28, subscriptions). */
export class ModernNews implements UpstreamNews {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly clientInfo: JsonObject = LETHE_CLIENT_INFO,
  ) {}

  open(lent: Lent, wanted: NewsFilter, listener: NewsListener, signal: AbortSignal): Promise<NewsFilter> {
    return new Promise((resolve, reject) => {
      const own = new AbortController();
      const fail = (error: LetheError): void => {
        clearTimeout(timer);
        own.abort();
        reject(error);
      };
      const timer = setTimeout(() => fail(upstreamFailed(lent.grant, 'not_acknowledged')), ACKNOWLEDGED_WITHIN_MS);
      let agreed: NewsFilter | undefined;
      const acknowledged = (params: JsonObject): void => {
        clearTimeout(timer);
        agreed = within(wanted, readFilter(params));
        resolve(agreed);
      };
      const message = (given: JsonObject, json: string): void => {
        const { method, params } = given;
        if (typeof method !== 'string') return;
        if (method === ACKNOWLEDGED && !agreed && isObject(params)) acknowledged(params);
        else if (agreed && isHeard(agreed, method, params)) listener.heard(method, json, params);
      };
      const over = (error: LetheError): void => {
        if (!agreed) fail(error);
        else if (!signal.aborted) listener.ended();
      };
      const messages = { begun: () => undefined, message, over };
      openNewsStream(this.pools, lent, this.request(lent, wanted), messages, AbortSignal.any([signal, own.signal]));
    });
  }

  private request(lent: Lent, wanted: NewsFilter) {
    const version = lent.grant.gateway.protocolVersion;
    const envelope = {
      [META.protocolVersion]: version,
      [META.clientInfo]: this.clientInfo,
      [META.clientCapabilities]: {},
    };
    const method = 'subscriptions/listen';
    const body = encodeRequest(ID, method, { notifications: filterJson(wanted), _meta: envelope });
    return upstreamRequest(
      lent,
      'POST',
      [
        ['mcp-protocol-version', version],
        ['mcp-method', method],
      ],
      body,
    );
  }
}

/** An upstream agrees to no more than it was asked for. */
function within(wanted: NewsFilter, agreed: NewsFilter): NewsFilter {
  return {
    lists: wanted.lists.filter((list) => agreed.lists.includes(list)),
    uris: wanted.uris.filter((uri) => agreed.uris.includes(uri)),
  };
}
