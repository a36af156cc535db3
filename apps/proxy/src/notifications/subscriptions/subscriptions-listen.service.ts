import type { Era } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { Caller } from '../../auth/caller.js';
import type { McpCall, McpRequest } from '../../request/mcp-request.js';
import { UpstreamAccess } from '../../credentials/upstream-access.js';
import { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { StreamEnd, StreamLog } from '../../telemetry/stream-log.js';
import type { Gateway } from '../../routes/table/gateway.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import { resubscribe } from '../sources/resubscribe.js';
import { SubscriptionStream } from './subscription-stream.js';
import { canSubscribe } from '../../protocol/modern-capabilities.js';
import { isEmpty, type SubscriptionFilter, readFilter, supportedFilter } from '../sources/subscription-filter.js';
import { OwnListChanges } from './own-list-changes.js';
import type { NotificationSource } from '../sources/notification-source.js';

/** How often it is asked whether the caller may still listen. */
const RECHECK_MS = 15_000;

/** What listening needs to know while it lasts. */
export interface ListenContext {
  /** @throws LetheError when the caller is not, or no longer, one of the virtual server's */
  identify(request: McpRequest): Promise<Caller>;
  /** Calls back after each change of a virtual server until the result is called. */
  onChange(slug: string, changed: () => void): () => void;
}

/** Part of a filter, and the gateway that can tell of it. */
interface Source {
  readonly gateway: Gateway;
  readonly wanted: SubscriptionFilter;
}

/** Answers `subscriptions/listen`: one stream of the news of all gateways, and of the virtual server's own (design 4). */
export class SubscriptionsListen {
  private readonly ending = new AbortController();

  constructor(
    private readonly world: ListenContext,
    private readonly sources: Readonly<Record<Era, NotificationSource>>,
    private readonly streamLog: StreamLog,
  ) {}

  /** Until the client leaves, or the stream is ended from here. @throws LetheError `params_invalid` */
  async listen(call: McpCall): Promise<void> {
    const wanted = readFilter(call.message.params);
    await this.streamLog.follow('listen', call.caller, () => this.serveOpened(call, wanted));
  }

  private async serveOpened(call: McpCall, wanted: SubscriptionFilter): Promise<StreamEnd> {
    const { server } = call.caller;
    const credentials = sourcesOf(server, wanted).flatMap((source) => lend(call, source));
    const stream = new SubscriptionStream(call.response, call.message.id);
    const over = new AbortController();
    const agreed = credentials.map(({ source, credentials: own }) => {
      const message = (_method: string, json: string): void => stream.send(json);
      const sources = this.sources[source.gateway.era];
      return resubscribe(sources, own, source.wanted, message, over.signal).catch(() => ({ lists: [], uris: [] }));
    });
    const told = new Set((await Promise.all(agreed)).flatMap(({ uris }) => uris));
    // Changes of the virtual server's own lists are always told.
    stream.acknowledge({ lists: wanted.lists, uris: wanted.uris.filter((uri) => told.has(uri)) });
    const end = await this.keepOpen(call, new OwnListChanges(stream, wanted.lists, server), over);
    stream.finish();
    return end;
  }

  /** Ends all streams, so that clients listen elsewhere. */
  close(): void {
    this.ending.abort();
  }

  /** Until the client leaves, the caller may no longer listen, or the gateways are others. */
  private async keepOpen(call: McpCall, own: OwnListChanges, over: AbortController): Promise<StreamEnd> {
    let end: StreamEnd | undefined;
    const check = async (): Promise<void> => {
      const caller = await this.world.identify(call).catch(() => undefined);
      if (over.signal.aborted || (caller && own.follow(caller.server))) return;
      end = caller ? 'gateways_changed' : 'caller_refused';
      over.abort();
    };
    const stopWatching = this.world.onChange(call.slug, () => void check());
    const timer = setInterval(() => void check(), RECHECK_MS);
    // What changed while the upstreams were asked.
    await check();
    await aborted(AbortSignal.any([call.response.disconnected, this.ending.signal, over.signal]));
    clearInterval(timer);
    stopWatching();
    over.abort();
    if (call.response.disconnected.aborted) return 'client_gone';
    return end ?? 'replica_ending';
  }
}

/** Each URI at the gateway that owns it, each list at every gateway that tells of its changes. */
function sourcesOf(server: VirtualServer, { lists, uris }: SubscriptionFilter): Source[] {
  const owners = new Map<Gateway, string[]>();
  for (const uri of uris) {
    const owner = server.ownerOf(uri);
    if (owner) owners.set(owner, [...(owners.get(owner) ?? []), uri]);
  }
  return server.gateways
    .filter(canSubscribe)
    .map((gateway) => ({
      gateway,
      wanted: supportedFilter(gateway.capabilities, { lists, uris: owners.get(gateway) ?? [] }),
    }))
    .filter(({ wanted }) => !isEmpty(wanted));
}

/** Without its credential, or while it is closed, a gateway has no news; the others do. */
function lend({ headers, caller }: McpCall, source: Source): { source: Source; credentials: UpstreamCredentials }[] {
  try {
    return [
      {
        source,
        credentials: UpstreamCredentials.select(headers, UpstreamAccess.forGateway(caller, source.gateway)),
      },
    ];
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
