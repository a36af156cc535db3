import type { Era } from '@lethe/contracts';
import { encodeNotification, type RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Call } from '../exchange/call.js';
import type { Exchange } from '../exchange/exchange.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import type { GatewayRoute } from '../routes/gateway-route.js';
import type { ServerRoutes } from '../routes/server-routes.js';
import { keepNews } from './kept-news.js';
import { ListenStream } from './listen-stream.js';
import { canBeHeard } from './modern-capabilities.js';
import { isEmpty, LISTS, type NewsFilter, readFilter, tellable } from './news-filter.js';
import { changedLists, hasSameGateways } from './own-news.js';
import type { UpstreamNews } from './upstream-news.js';

/** Where virtual servers are found, and how their changes are noticed. */
export interface WatchedServers {
  server(slug: string): ServerRoutes | undefined;
  /** Calls back after each change of a server until the result is called. */
  onChange(slug: string, changed: () => void): () => void;
}

/** Part of a filter, and the gateway that can tell of it. */
interface Source {
  readonly gateway: GatewayRoute;
  readonly wanted: NewsFilter;
}

/** Answers `subscriptions/listen`: one stream of the news of all gateways, and of the virtual server's own (design 4). */
export class ListeningService {
  private readonly ending = new AbortController();

  constructor(
    private readonly servers: WatchedServers,
    private readonly news: Readonly<Record<Era, UpstreamNews>>,
  ) {}

  /** Until the client leaves, or the stream is ended from here. @throws LetheError `params_invalid` */
  async listen(exchange: Exchange, call: Call, request: RpcRequest): Promise<void> {
    const wanted = readFilter(request.params);
    const { server } = call.caller;
    const lent = sourcesOf(server, wanted).flatMap((source) => lend(exchange, call, source));
    const stream = new ListenStream(exchange.reply, request.id);
    const over = new AbortController();
    const agreed = lent.map(({ source, lent: own }) => {
      const heard = (_method: string, json: string): void => stream.tell(json);
      const news = this.news[source.gateway.era];
      return keepNews(news, own, source.wanted, heard, over.signal).catch(() => ({ lists: [], uris: [] }));
    });
    const stopWatching = this.watch(server, wanted, stream, () => over.abort());
    const told = new Set((await Promise.all(agreed)).flatMap(({ uris }) => uris));
    // Changes of the virtual server's own lists are always told.
    stream.acknowledge({ lists: wanted.lists, uris: wanted.uris.filter((uri) => told.has(uri)) });
    await aborted(AbortSignal.any([exchange.reply.disconnected, this.ending.signal, over.signal]));
    stopWatching();
    over.abort();
    stream.finish();
  }

  /** Ends all streams, so that clients listen elsewhere. */
  close(): void {
    this.ending.abort();
  }

  /** Tells of changes of the server; other gateways, or none, end the stream: a client that listens again gets theirs. */
  private watch(server: ServerRoutes, { lists }: NewsFilter, stream: ListenStream, end: () => void): () => void {
    const { slug } = server.manifest;
    let known = server;
    return this.servers.onChange(slug, () => {
      const now = this.servers.server(slug);
      if (now === undefined || now.id !== server.id) return end();
      const changed = changedLists(known, now).filter((list) => lists.includes(list));
      for (const list of changed) stream.tell(encodeNotification(LISTS[list].notification).toString());
      if (!hasSameGateways(known, now)) end();
      known = now;
    });
  }
}

/** Each URI at the gateway that owns it, each list at every gateway that tells of its changes. */
function sourcesOf(server: ServerRoutes, { lists, uris }: NewsFilter): Source[] {
  const owners = new Map<GatewayRoute, string[]>();
  for (const uri of uris) {
    const owner = server.ownerOf(uri);
    if (owner) owners.set(owner, [...(owners.get(owner) ?? []), uri]);
  }
  return server.gateways
    .filter(canBeHeard)
    .map((gateway) => ({ gateway, wanted: tellable(gateway.capabilities, { lists, uris: owners.get(gateway) ?? [] }) }))
    .filter(({ wanted }) => !isEmpty(wanted));
}

/** Without its credential, or while it is closed, a gateway has no news; the others do. */
function lend(exchange: Exchange, { caller }: Call, source: Source): { source: Source; lent: Lent }[] {
  try {
    return [{ source, lent: Lent.fromHeaders(exchange.headers, Grant.forGateway(caller, source.gateway)) }];
  } catch (error) {
    if (error instanceof LetheError) return [];
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
