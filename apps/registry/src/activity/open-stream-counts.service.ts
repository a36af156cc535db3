import type { CallsSeen, SeenStreams } from '@lethe/contracts';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** A proxy with open streams tells of them every five seconds. */
const LASTS_MS = 20_000;
const MAX_PROXIES = 1_000;

/** How many streams clients keep open at all proxies. In memory alone: every registry hears every proxy. */
@Injectable()
export class OpenStreamCounts {
  private readonly told = new LRUCache<string, SeenStreams[]>({ max: MAX_PROXIES, ttl: LASTS_MS });

  note({ proxy, streams }: Pick<CallsSeen, 'proxy' | 'streams'>): void {
    this.told.set(proxy, streams);
  }

  /** By kind, in the order of their names. */
  byKind(): SeenStreams[] {
    const sums = new Map<string, number>();
    for (const streams of this.told.values())
      for (const { kind, open } of streams) sums.set(kind, (sums.get(kind) ?? 0) + open);
    return [...sums].map(([kind, open]) => ({ kind, open })).toSorted((a, b) => a.kind.localeCompare(b.kind));
  }
}
