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
  /** When it last rejected the credential that is kept for it, and the revision of that. */
  rejected?: { at: number; keptRevision: number };
}

/** Proxies report a rejection as long as calls show it: after this time without one, it is over. */
const REJECTED_FOR_MS = 60 * 60_000;

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

  /** When the upstream of a gateway last rejected this revision of its kept credential; undefined if not for an hour. */
  rejectedAt(slug: string, keptRevision: number): Date | undefined {
    const { rejected } = this.seen.get(slug) ?? {};
    const isNow = rejected?.keptRevision === keptRevision && rejected.at > Date.now() - REJECTED_FOR_MS;
    return isNow ? new Date(rejected.at) : undefined;
  }

  /** Gateways whose upstreams have rejected a kept credential, whichever. */
  get rejecting(): string[] {
    return [...this.seen].flatMap(([slug, { rejected }]) => (rejected ? [slug] : []));
  }

  async note({ answered, failed, listChanged, unknownItem, keptRejected = [] }: GatewaysSeen): Promise<void> {
    const now = Date.now();
    for (const line of keptRejected) {
      const [slug = '', revision] = line.split(' ');
      this.remember(slug, { rejected: { at: now, keptRevision: Number(revision) } });
    }
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
