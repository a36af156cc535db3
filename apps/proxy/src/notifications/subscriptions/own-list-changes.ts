import { encodeNotification } from '@lethe/mcp';
import { changedLists, hasSameGateways } from '../../routes/table/list-changes.js';
import type { ServerRoutes } from '../../routes/table/virtual-server.js';
import type { ListenStream } from './subscription-stream.js';
import { type ListName, LISTS } from '../sources/subscription-filter.js';

/** What a virtual server itself has to say on one stream: that its lists are others than they were. */
export class OwnNews {
  constructor(
    private readonly stream: ListenStream,
    private readonly lists: readonly ListName[],
    private known: ServerRoutes,
  ) {}

  /** False when the gateways are others: a client that listens again hears those. */
  follow(now: ServerRoutes): boolean {
    const before = this.known;
    this.known = now;
    const changed = changedLists(before, now).filter((list) => this.lists.includes(list));
    for (const list of changed) this.stream.tell(encodeNotification(LISTS[list].notification).toString());
    return hasSameGateways(before, now);
  }
}
