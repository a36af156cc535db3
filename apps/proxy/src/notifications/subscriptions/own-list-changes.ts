import { encodeNotification } from '@lethe/mcp';
import { changedLists, hasSameGateways, type ListName } from '../../routes/table/list-changes.js';
import type { VirtualServer } from '../../routes/table/virtual-server.js';
import type { SubscriptionStream } from './subscription-stream.js';
import { LIST_CHANGES } from '../sources/subscription-filter.js';

/** Sends list changes of the virtual server itself to one subscription. */
export class OwnListChanges {
  constructor(
    private readonly stream: SubscriptionStream,
    private readonly lists: readonly ListName[],
    private known: VirtualServer,
  ) {}

  /**
   * Sends list changes. Returns false if the gateways changed: the client must subscribe again to get the notifications of
   * the new ones.
   */
  applyUpdate(now: VirtualServer): boolean {
    const before = this.known;
    this.known = now;
    const changed = changedLists(before, now).filter((list) => this.lists.includes(list));
    for (const list of changed) this.stream.send(encodeNotification(LIST_CHANGES[list].notification).toString());
    return hasSameGateways(before, now);
  }
}
