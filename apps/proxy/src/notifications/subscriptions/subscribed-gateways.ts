import type { JsonObject } from '@lethe/contracts';
import { encodeNotification } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { omissionOf } from '../../protocol/omissions.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import { LIST_CHANGES, type SubscriptionFilter } from '../sources/subscription-filter.js';
import type { SubscriptionStream } from './subscription-stream.js';

const NOT_YET = { why: 'timeout' } as const;

/**
 * The gateways of one subscription. The acknowledgement names those that have not joined until then, and why; they may join
 * later.
 */
export class SubscribedGateways {
  private readonly omitted = new Map<string, JsonObject>();
  private readonly uris = new Set<string>();
  private isAcknowledged = false;

  constructor(
    private readonly stream: SubscriptionStream,
    private readonly server: VirtualServer,
    slugs: readonly string[],
  ) {
    for (const gateway of slugs)
      this.leaveOut(gateway, new LetheError('upstream_unreachable', { gateway, ...NOT_YET }));
  }

  /** The gateway can't be listened to, now or at all. */
  leaveOut(gateway: string, why: LetheError): void {
    this.omitted.set(gateway, omissionOf(gateway, why, this.server));
  }

  /**
   * The gateway sends notifications from now on. If it comes late, the client must list again: it may have missed a change.
   */
  join(gateway: string, { lists, uris }: SubscriptionFilter): void {
    this.omitted.delete(gateway);
    for (const uri of uris) this.uris.add(uri);
    if (!this.isAcknowledged) return;
    for (const list of lists) this.stream.send(encodeNotification(LIST_CHANGES[list].notification).toString());
  }

  /** Sends the acknowledgement. The virtual server itself sends list changes, whatever the upstreams do. */
  acknowledge({ lists, uris }: SubscriptionFilter): void {
    const agreed = { lists, uris: uris.filter((uri) => this.uris.has(uri)) };
    this.stream.acknowledge(agreed, [...this.omitted.values()]);
    this.isAcknowledged = true;
  }
}
