import type { Metrics } from '@lethe/platform';

/** Why a notification of an upstream did not reach the client as it was sent; `joined`: in a later one about the same. */
export type DropReason = 'unknown_method' | 'not_own' | 'flood' | 'joined';

/** Counts the notifications of upstreams that no client gets. Never their content. */
export class DroppedNotifications {
  private readonly total;
  private readonly pending = new Map<string, { gateway: string; why: DropReason; count: number }>();

  constructor(metrics: Metrics) {
    const help = 'Notifications of upstreams that reached no client';
    const collect = (): void => this.collect();
    this.total = metrics.counter('lethe_proxy_notifications_dropped_total', help, ['gateway', 'why'], collect);
  }

  /** @param gateway its slug */
  count(gateway: string, why: DropReason): void {
    const key = `${gateway} ${why}`;
    const pending = this.pending.get(key);
    if (pending) pending.count += 1;
    else this.pending.set(key, { gateway, why, count: 1 });
  }

  /** Label look-ups are too slow for every notification of a flood. */
  private collect(): void {
    for (const pending of this.pending.values()) {
      if (pending.count > 0) this.total.inc({ gateway: pending.gateway, why: pending.why }, pending.count);
      pending.count = 0;
    }
  }
}
