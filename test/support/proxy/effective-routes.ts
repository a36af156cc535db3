import { type Bucket, RoutesApplied } from '@lethe/contracts';
import type { MemoryBroker } from '@lethe/messaging';
import { eventually } from '../eventually.js';

/** What is in effect at the proxies of a bus, as they tell it themselves. */
export class EffectiveRoutes {
  /** By the proxy's id: the newest revision by `bucket key`. */
  private readonly revisions = new Map<string, Map<string, number>>();
  private readonly subscription: { unsubscribe(): void };

  /** Of the proxies that get ready from now on. */
  constructor(broker: MemoryBroker) {
    this.subscription = broker.subscribe(RoutesApplied.subject, {
      callback: (_error, message) => this.note((message.json() as { data: RoutesApplied }).data),
    });
  }

  /** The ids of the proxies that are ready, once there are so many: a proxy tells only what it applies after that. */
  ready(count: number): Promise<string[]> {
    return eventually(() => {
      const ids = [...this.revisions.keys()];
      if (ids.length < count) throw new Error(`${ids.length} of ${count} proxies are ready`);
      return ids;
    }, 30_000);
  }

  /** Waits until this revision of an entry, or a later one, is in effect at each of these proxies. */
  async at(proxies: readonly string[], bucket: Bucket, key: string, revision: number): Promise<void> {
    const isLate = (id: string): boolean => (this.revisions.get(id)?.get(`${bucket} ${key}`) ?? -1) < revision;
    await eventually(() => {
      const late = proxies.filter(isLate).length;
      if (late > 0) throw new Error(`${bucket} ${key} ${revision} is not in effect at ${late} proxies`);
    }, 15_000);
  }

  close(): void {
    this.subscription.unsubscribe();
  }

  private note({ proxy, applied }: RoutesApplied): void {
    const known = this.revisions.get(proxy) ?? new Map<string, number>();
    this.revisions.set(proxy, known);
    for (const line of applied) {
      const at = line.lastIndexOf(' ');
      const [entry, revision] = [line.slice(0, at), Number(line.slice(at + 1))];
      known.set(entry, Math.max(revision, known.get(entry) ?? 0));
    }
  }
}
