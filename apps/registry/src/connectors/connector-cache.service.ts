import type { ConnectorAnnounced } from '@lethe/contracts';
import { Injectable } from '@nestjs/common';

const FORGET_MS = 60_000;
const MAX_KNOWN = 1_000;

/** A connector that announced itself recently. */
export interface LiveConnector {
  id: string;
  kid: string;
  freeSlots: number;
  lentSlots: number;
  seenAt: string;
}

/** Remembers which connectors announced themselves. Only for display. */
@Injectable()
export class ConnectorCache {
  private readonly known = new Map<string, LiveConnector & { atMs: number }>();

  record({ connector, kid, freeSlots, lentSlots }: ConnectorAnnounced, now: Date): void {
    if (this.known.size >= MAX_KNOWN && !this.known.has(connector)) return;
    const seenAt = now.toISOString();
    this.known.set(connector, { id: connector, kid, freeSlots, lentSlots, seenAt, atMs: now.getTime() });
  }

  /** Connectors with this key that announced themselves within the last minute. */
  of(kid: string, now: Date): Omit<LiveConnector, 'kid'>[] {
    for (const [id, { atMs }] of this.known) if (now.getTime() - atMs > FORGET_MS) this.known.delete(id);
    return [...this.known.values()]
      .filter((connector) => connector.kid === kid)
      .map(({ id, freeSlots, lentSlots, seenAt }) => ({ id, freeSlots, lentSlots, seenAt }));
  }
}
