import type { Era } from '@lethe/contracts';
import type { RpcRequest } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Caller } from '../../auth/caller.js';
import type { Call } from '../../protocol/message.js';
import type { Exchange } from '../../protocol/exchange.js';
import { Grant } from '../../credentials/upstream-access.js';
import { Lent } from '../../credentials/upstream-credentials.js';
import type { StreamEnd, StreamJournal } from '../../telemetry/stream-log.js';
import type { GatewayRoute } from '../../routes/table/gateway.js';
import type { ServerRoutes } from '../../routes/table/virtual-server.js';
import { keepNews } from '../sources/resubscribe.js';
import { ListenStream } from './subscription-stream.js';
import { canBeHeard } from '../../protocol/modern-capabilities.js';
import { isEmpty, type NewsFilter, readFilter, tellable } from '../sources/subscription-filter.js';
import { OwnNews } from './own-list-changes.js';
import type { UpstreamNews } from '../sources/notification-source.js';

/** How often it is asked whether the caller may still listen. */
const RECHECK_MS = 15_000;

/** What listening needs to know while it lasts. */
export interface ListenWorld {
  /** @throws LetheError when the caller is not, or no longer, one of the virtual server's */
  identify(exchange: Exchange): Promise<Caller>;
  /** Calls back after each change of a virtual server until the result is called. */
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
    private readonly world: ListenWorld,
    private readonly news: Readonly<Record<Era, UpstreamNews>>,
    private readonly journal: StreamJournal,
  ) {}

  /** Until the client leaves, or the stream is ended from here. @throws LetheError `params_invalid` */
  async listen(exchange: Exchange, call: Call, request: RpcRequest): Promise<void> {
    const wanted = readFilter(request.params);
    await this.journal.follow('listen', call.caller, () => this.carry(exchange, call, request, wanted));
  }

  private async carry(exchange: Exchange, call: Call, request: RpcRequest, wanted: NewsFilter): Promise<StreamEnd> {
    const { server } = call.caller;
    const lent = sourcesOf(server, wanted).flatMap((source) => lend(exchange, call, source));
    const stream = new ListenStream(exchange.reply, request.id);
    const over = new AbortController();
    const agreed = lent.map(({ source, lent: own }) => {
      const heard = (_method: string, json: string): void => stream.tell(json);
      const news = this.news[source.gateway.era];
      return keepNews(news, own, source.wanted, heard, over.signal).catch(() => ({ lists: [], uris: [] }));
    });
    const told = new Set((await Promise.all(agreed)).flatMap(({ uris }) => uris));
    // Changes of the virtual server's own lists are always told.
    stream.acknowledge({ lists: wanted.lists, uris: wanted.uris.filter((uri) => told.has(uri)) });
    const end = await this.hold(exchange, new OwnNews(stream, wanted.lists, server), over);
    stream.finish();
    return end;
  }

  /** Ends all streams, so that clients listen elsewhere. */
  close(): void {
    this.ending.abort();
  }

  /** Until the client leaves, the caller may no longer listen, or the gateways are others. */
  private async hold(exchange: Exchange, own: OwnNews, over: AbortController): Promise<StreamEnd> {
    let end: StreamEnd | undefined;
    const check = async (): Promise<void> => {
      const caller = await this.world.identify(exchange).catch(() => undefined);
      if (over.signal.aborted || (caller && own.follow(caller.server))) return;
      end = caller ? 'gateways_changed' : 'caller_refused';
      over.abort();
    };
    const stopWatching = this.world.onChange(exchange.slug, () => void check());
    const timer = setInterval(() => void check(), RECHECK_MS);
    // What changed while the upstreams were asked.
    await check();
    await aborted(AbortSignal.any([exchange.reply.disconnected, this.ending.signal, over.signal]));
    clearInterval(timer);
    stopWatching();
    over.abort();
    if (exchange.reply.disconnected.aborted) return 'client_gone';
    return end ?? 'replica_ending';
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
