import type { Era } from '@lethe/contracts';
import type { McpCall } from '../../request/mcp-request.js';
import { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { StreamEnd, StreamLog } from '../../telemetry/stream-log.js';
import type { Gateway } from '../../routes/table/gateway.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import type { OpenStreams } from '../open-streams.js';
import { resubscribe } from '../sources/resubscribe.js';
import { SubscriptionStream } from './subscription-stream.js';
import { canNotify } from '../../protocol/capabilities.js';
import { isEmpty, type SubscriptionFilter, readFilter, supportedFilter } from '../sources/subscription-filter.js';
import { OwnListChanges } from './own-list-changes.js';
import type { NotificationSource } from '../sources/notification-source.js';

/** A gateway, and the part of the filter that it supports. */
interface Source {
  readonly gateway: Gateway;
  readonly wanted: SubscriptionFilter;
}

const NOTHING: SubscriptionFilter = { lists: [], uris: [] };

/**
 * Serves `subscriptions/listen`: one stream with the notifications of all gateways and of the virtual server itself.
 */
export class SubscriptionsListen {
  constructor(
    private readonly openStreams: OpenStreams,
    private readonly sources: Readonly<Record<Era, NotificationSource>>,
    private readonly streamLog: StreamLog,
  ) {}

  /**
   * Serves one subscription to its end.
   * @throws LetheError `params_invalid`; as `UpstreamCredentials.trySelect`
   */
  async listen(call: McpCall): Promise<void> {
    const wanted = readFilter(call.message.params);
    await this.streamLog.follow('listen', call.caller, () => this.serveOpened(call, wanted));
  }

  private async serveOpened(call: McpCall, wanted: SubscriptionFilter): Promise<StreamEnd> {
    const { server } = call.caller;
    // Before the stream begins, so that an unusable credential can still be answered with an error.
    const sources = sourcesOf(server, wanted).map((source) => ({
      ...source,
      credentials: UpstreamCredentials.trySelect(call.headers, call.caller, source.gateway),
    }));
    const stream = new SubscriptionStream(call.response, call.message.id);
    const over = new AbortController();
    const message = (_method: string, json: string): void => stream.send(json);
    const agreed = sources.map(async ({ gateway, wanted: part, credentials }) => {
      if (!credentials) return NOTHING;
      const source = this.sources[gateway.era];
      return resubscribe(source, credentials, part, message, over.signal).catch(() => NOTHING);
    });
    const acknowledged = new Set((await Promise.all(agreed)).flatMap(({ uris }) => uris));
    // The virtual server itself sends list changes, whatever the upstreams do.
    stream.acknowledge({ lists: wanted.lists, uris: wanted.uris.filter((uri) => acknowledged.has(uri)) });
    const end = await this.keepOpen(call, new OwnListChanges(stream, wanted.lists, server), over);
    stream.finish();
    return end;
  }

  /** Resolves when the client disconnects, the caller may not listen any more, or the gateways change. */
  private async keepOpen(call: McpCall, own: OwnListChanges, over: AbortController): Promise<StreamEnd> {
    const { disconnected } = call.response;
    const { closing } = this.openStreams;
    let end: StreamEnd = 'replica_ending';
    await this.openStreams.keepOpen(call, AbortSignal.any([disconnected, closing, over.signal]), (caller) => {
      if (caller && own.applyUpdate(caller.server)) return;
      end = caller ? 'gateways_changed' : 'caller_refused';
      over.abort();
    });
    over.abort();
    return disconnected.aborted ? 'client_gone' : end;
  }
}

/**
 * Splits a filter: each URI goes to the gateway that owns it, each list to every gateway that announces its changes.
 */
function sourcesOf(server: VirtualServer, { lists, uris }: SubscriptionFilter): Source[] {
  const owners = new Map<Gateway, string[]>();
  for (const uri of uris) {
    const owner = server.ownerOf(uri);
    if (owner) owners.set(owner, [...(owners.get(owner) ?? []), uri]);
  }
  return server.gateways
    .filter(canNotify)
    .map((gateway) => ({
      gateway,
      wanted: supportedFilter(gateway.capabilities, { lists, uris: owners.get(gateway) ?? [] }),
    }))
    .filter(({ wanted }) => !isEmpty(wanted));
}
