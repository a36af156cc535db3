import { META, ObjectText } from '@lethe/mcp';
import type { SessionStream } from './session-stream.js';
import { editMeta } from '../../calls/translation/edit-params.js';
import { listenerOf } from '../sources/filtered-notifications.js';
import { resubscribe } from '../sources/resubscribe.js';
import { LIST_NAMES } from '../../routes/table/list-changes.js';
import { isEmpty, supportedFilter } from '../sources/subscription-filter.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { NotificationSource } from '../sources/notification-source.js';

/**
 * Relays list changes of modern upstreams to the GET stream of a legacy client. Updates of resources are not relayed:
 * subscriptions to them would have to be remembered between requests.
 */
export class ModernUpstreams {
  constructor(
    private readonly modern: NotificationSource,
    private readonly notifications: NotificationFilters,
  ) {}

  /** Subscribes for as long as the stream is open. Does not wait for the upstreams. */
  open(stream: SessionStream): void {
    for (const gateway of stream.server.gateways.filter(({ closed }) => !closed)) {
      const { era, capabilities } = gateway.servedIn.legacy;
      if (era !== 'modern') continue;
      const wanted = supportedFilter(capabilities, { lists: LIST_NAMES, uris: [] });
      const credentials = isEmpty(wanted) ? undefined : stream.credentialsFor(gateway);
      if (!credentials) continue;
      const send = (json: string): void => {
        stream.onMessage(gateway.slug, { kind: 'forwarded', data: withoutSubscriptionId(json) }, undefined);
      };
      const filter = this.notifications.ofSession(credentials.access, stream.session, () => stream.server, send);
      stream.signal.addEventListener('abort', () => filter.finish(), { once: true });
      void resubscribe(this.modern, credentials, wanted, listenerOf(filter, send), stream.signal).catch(
        () => undefined,
      );
    }
  }
}

/** Removes the subscription id, which the legacy era does not have. */
function withoutSubscriptionId(json: string): string {
  const message = new ObjectText(json);
  if (message.get('params') === undefined) return json;
  const params = message.object('params');
  const left = params.with({ _meta: editMeta(params, { [META.subscriptionId]: undefined }) });
  return message.with({ params: left === '{}' ? undefined : left });
}
