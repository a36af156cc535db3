import type { Era } from '@lethe/contracts';
import { LetheError, waitAtMost } from '@lethe/platform';
import type { McpCall } from '../../request/mcp-request.js';
import { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { StreamEnd, StreamLog } from '../../telemetry/stream-log.js';
import type { Gateway, GatewayEra } from '../../routes/table/gateway.js';
import type { ListName } from '../../routes/table/list-changes.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import type { OpenStreams } from '../open-streams.js';
import { listenerOf } from '../sources/filtered-notifications.js';
import { resubscribe } from '../sources/resubscribe.js';
import { SubscribedGateways } from './subscribed-gateways.js';
import { SubscriptionStream } from './subscription-stream.js';
import { asLetheError } from '../../protocol/errors.js';
import { canNotify } from '../../protocol/capabilities.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import { eraRefusal } from '../../protocol/served-eras.js';
import { isEmpty, type SubscriptionFilter, readFilter, supportedFilter } from '../sources/subscription-filter.js';
import { OwnListChanges } from './own-list-changes.js';
import type { NotificationSource } from '../sources/notification-source.js';

/** A gateway, and the part of the filter that it supports. */
interface Source {
  readonly gateway: Gateway;
  /** The era of clients that it serves in this way. */
  readonly era: Era;
  readonly wanted: SubscriptionFilter;
}

/** How long the acknowledgement waits for the gateways. Clients wait for it before they do anything else. */
const ACKNOWLEDGED_WITHIN_MS = 2_000;

/**
 * Serves `subscriptions/listen`: one stream with the notifications of all gateways and of the virtual server itself.
 */
export class SubscriptionsListen {
  constructor(
    private readonly openStreams: OpenStreams,
    private readonly sources: Readonly<Record<Era, NotificationSource>>,
    private readonly notifications: NotificationFilters,
    private readonly streamLog: StreamLog,
  ) {}

  /**
   * Serves one subscription to its end.
   * @throws LetheError `params_invalid`; as `UpstreamCredentials.trySelect`
   */
  async listen(call: McpCall): Promise<void> {
    const wanted = readFilter(call.message.params);
    await this.streamLog.follow('listen', call, () => this.serveOpened(call, wanted));
  }

  private async serveOpened(call: McpCall, wanted: SubscriptionFilter): Promise<StreamEnd> {
    const { server } = call.caller;
    // Before the stream begins, so that an unusable credential can still be answered with an error.
    const sources = sourcesOf(server, wanted).map((source) => ({
      ...source,
      credentials: UpstreamCredentials.selectOrReason(call.headers, call.caller, source.gateway, source.era),
    }));
    const stream = new SubscriptionStream(call.response, call.message.id);
    const over = new AbortController();
    const send = (json: string): void => stream.send(json);
    const gateways = new SubscribedGateways(
      stream,
      server,
      sources.map(({ gateway }) => gateway),
    );
    const joining = sources.map(async ({ gateway: { slug }, wanted: part, credentials }) => {
      if (credentials instanceof LetheError) return gateways.leaveOut(slug, credentials);
      const filter = this.notifications.ofSubscription(credentials.access, send);
      over.signal.addEventListener('abort', () => filter.finish(), { once: true });
      const listener = listenerOf(filter, send);
      const source = this.sources[credentials.access.served.era];
      const joined = (agreed: SubscriptionFilter): void => gateways.join(slug, agreed);
      const failed = (error: unknown): void => gateways.leaveOut(slug, asLetheError(error));
      await resubscribe(source, credentials, part, listener, over.signal, joined).then(joined, failed);
    });
    await waitAtMost(ACKNOWLEDGED_WITHIN_MS, Promise.all(joining));
    gateways.acknowledge(wanted);
    const ended = sources.flatMap(({ credentials: each }) => (each instanceof LetheError ? [] : (each.ended ?? [])));
    const end = await this.keepOpen(call, new OwnListChanges(stream, wanted.lists, server), over, ended);
    stream.finish();
    return end;
  }

  /**
   * Resolves when the client disconnects, the caller may not listen any more, the gateways change, the virtual server serves the
   * modern era no more, or a kept credential or the proofs with which the stream was opened have ended.
   */
  private async keepOpen(
    call: McpCall,
    own: OwnListChanges,
    over: AbortController,
    ended: readonly AbortSignal[],
  ): Promise<StreamEnd> {
    const { disconnected } = call.response;
    const { closing } = this.openStreams;
    let end: StreamEnd = 'replica_ending';
    const any = AbortSignal.any([disconnected, closing, over.signal, ...ended]);
    await this.openStreams.keepOpen(call, any, (caller) => {
      const ended = caller ? this.endFor(call, caller.server, own) : 'caller_refused';
      if (!ended) return;
      end = ended;
      over.abort();
    });
    over.abort();
    if (disconnected.aborted) return 'client_gone';
    return ended.some(({ aborted }) => aborted) ? 'gateways_changed' : end;
  }

  /** Sends what has changed. Returns why that ends the stream; undefined if it does not. */
  private endFor({ message }: McpCall, server: VirtualServer, own: OwnListChanges): StreamEnd | undefined {
    if (eraRefusal(server, message.method, undefined)) return 'era_refused';
    return own.applyUpdate(server) ? undefined : 'gateways_changed';
  }
}

/**
 * Splits a filter: each URI goes to the gateway that owns it, in the era in which it has the resource; each list goes to
 * every gateway that announces its changes.
 */
function sourcesOf(server: VirtualServer, { lists, uris }: SubscriptionFilter): Source[] {
  const owned = new Map<GatewayEra, string[]>();
  for (const uri of uris) {
    const owner = server.resourceAt(uri)?.servedIn('modern');
    if (owner) owned.set(owner, [...(owned.get(owner) ?? []), uri]);
  }
  const source = (gateway: Gateway, era: Era, from: readonly ListName[]): Source[] => {
    const served = gateway.servedIn[era];
    const wanted = supportedFilter(served.capabilities, { lists: from, uris: owned.get(served) ?? [] });
    return canNotify(served) && !isEmpty(wanted) ? [{ gateway, era, wanted }] : [];
  };
  return server.gateways.flatMap((gateway) => {
    const { modern, legacy } = gateway.servedIn;
    // Of an upstream of both eras, the resources that it has in the legacy era only.
    return [...source(gateway, 'modern', lists), ...(legacy === modern ? [] : source(gateway, 'legacy', []))];
  });
}
