import type { JsonObject } from '@lethe/contracts';
import { encodeRequest, isRpcId, LETHE_CLIENT_INFO } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { Lent } from '../passthrough/lent.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import { headersOf, type Visits } from '../sessions/visits.js';
import type { InPlaceAnswers } from '../translation/in-place-answers.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import { upstreamRequest } from '../upstreams/upstream-request.js';
import { isHeard, type NewsFilter } from './news-filter.js';
import { openNewsStream } from './news-stream.js';
import type { NewsListener, UpstreamNews } from './upstream-news.js';

/**
 * News of a legacy upstream: a session of their own and its GET stream, for as long as somebody listens (MCP 2025-11-25,
 * transports, listening for messages from the server).
 */
export class LegacyNews implements UpstreamNews {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly visits: Visits,
    private readonly inPlace: InPlaceAnswers,
  ) {}

  async open(lent: Lent, wanted: NewsFilter, listener: NewsListener, signal: AbortSignal): Promise<NewsFilter> {
    const session = await this.visits.open(lent, lent.grant.gateway.protocolVersion, LETHE_CLIENT_INFO);
    const end = (): void => void this.visits.end(lent, session).catch(() => undefined);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    try {
      await this.listen(lent, session, wanted, listener, signal);
      const uris: string[] = [];
      for (const uri of wanted.uris) if (await this.subscribe(lent, session, uri)) uris.push(uri);
      return { lists: wanted.lists, uris };
    } catch (error) {
      signal.removeEventListener('abort', end);
      end();
      throw error;
    }
  }

  private listen(
    lent: Lent,
    session: UpstreamSession,
    wanted: NewsFilter,
    listener: NewsListener,
    signal: AbortSignal,
  ): Promise<void> {
    const request = upstreamRequest(lent, 'GET', headersOf(session), null);
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const begun = (): void => {
        hasBegun = true;
        resolve();
      };
      const message = (given: JsonObject, json: string): void => {
        const { method, params, id } = given;
        if (typeof method !== 'string') return;
        if (isRpcId(id)) this.inPlace.give(lent, session, id, method);
        else if (isHeard(wanted, method, params)) listener.heard(method, json, params);
      };
      const over = (error: LetheError): void => {
        if (!hasBegun) reject(error);
        else if (!signal.aborted) listener.ended();
      };
      openNewsStream(this.pools, lent, request, { begun, message, over }, signal);
    });
  }

  private async subscribe(lent: Lent, session: UpstreamSession, uri: string): Promise<boolean> {
    const body = encodeRequest('subscribe', 'resources/subscribe', { uri });
    const { message } = await this.visits.post(lent, headersOf(session), body);
    return message?.['result'] !== undefined;
  }
}
