import { type DriftSign, type GatewaysSeen } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { Injectable } from '@nestjs/common';
import { Gateway } from './gateway.entity.js';

/** Gateways that are remembered at most; those seen last. */
const MAX_GATEWAYS = 10_000;

/** When an upstream was last seen to answer, and to fail, in ms. */
export interface SeenUpstream {
  answeredAt?: number;
  failedAt?: number;
}

/**
 * What proxies saw of upstreams. Liveness is kept in memory alone: every registry hears every proxy, and a restart forgets
 * only what the next call shows again. That a drift is suspected is stored until the next result.
 */
@Injectable()
export class SeenGateways {
  private readonly seen = new Map<string, SeenUpstream>();

  constructor(private readonly database: Database) {}

  of(slug: string): SeenUpstream | undefined {
    return this.seen.get(slug);
  }

  async note({ answered, failed, listChanged, unknownItem }: GatewaysSeen): Promise<void> {
    const now = Date.now();
    for (const slug of failed) this.remember(slug, { failedAt: now });
    for (const slug of answered) this.remember(slug, { answeredAt: now });
    await this.suspect('unknown_item', unknownItem);
    await this.suspect('list_changed', listChanged);
  }

  private remember(slug: string, seen: SeenUpstream): void {
    const known = this.seen.get(slug);
    this.seen.delete(slug);
    this.seen.set(slug, { ...known, ...seen });
    const [oldest] = this.seen.size > MAX_GATEWAYS ? this.seen.keys() : [];
    if (oldest !== undefined) this.seen.delete(oldest);
  }

  /** Writes only the first suspicion since the last result: an upstream that announces changes all the time costs one write. */
  private async suspect(why: DriftSign, slugs: string[]): Promise<void> {
    if (slugs.length === 0) return;
    const isNew = { slug: { $in: slugs }, deletedAt: null, servingVid: { $ne: null }, driftSuspectedAt: null };
    await this.database.transaction(async (em) => {
      for (const gateway of await em.find(Gateway, isNew)) {
        em.assign(gateway, { driftSuspectedAt: new Date(), driftSuspectedBy: why });
      }
    });
  }
}
