import { SessionEnded } from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';
import { LRUCache } from 'lru-cache';
import { MAX_SESSION_SECONDS } from './session-token.js';

/** How many ended sessions are remembered; the oldest are forgotten first. Full, the set takes about 4 MiB. */
const MAX_ENDED = 20_000;

/**
 * The sessions that clients have ended by DELETE. A token is valid for hours and any replica can open it, so every replica
 * remembers those that ended. A replica that missed a notice learns it from the upstreams, which ended their sessions too.
 */
export class EndedSessions {
  private readonly digests = new LRUCache<string, true>({ max: MAX_ENDED });
  private readonly listeners = new Set<(digest: string) => void>();

  constructor(private readonly notices: Pick<NoticePublisher, 'publish'>) {}

  has(digest: string): boolean {
    return this.digests.has(digest);
  }

  /** Remembers the end of a session, and tells the other replicas. Here it counts when this returns. */
  async end(digest: string, exp: number): Promise<void> {
    this.remember({ digest, exp });
    await this.notices.publish(SessionEnded, { digest, exp }).catch(() => undefined);
  }

  /** Remembers the end of a session, at most until its token would have expired. */
  remember({ digest, exp }: SessionEnded): void {
    const secondsLeft = Math.min(exp - Date.now() / 1000, MAX_SESSION_SECONDS);
    if (secondsLeft <= 0 || this.digests.has(digest)) return;
    this.digests.set(digest, true, { ttl: secondsLeft * 1000 });
    for (const listener of this.listeners) listener(digest);
  }

  /** Calls the listener for each session that ends from now on. Returns a function that stops that. */
  onEnd(listener: (digest: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
