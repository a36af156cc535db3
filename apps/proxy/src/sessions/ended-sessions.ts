import { SessionEnded } from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';

/** How many ended sessions are remembered, about 3 MiB; the oldest are forgotten first. */
const MAX_ENDED = 20_000;

/**
 * The sessions that clients have ended by DELETE, each by a digest of its token. A token is valid for hours and any replica
 * can open it, so every replica remembers those that ended. If one missed a notice, the upstreams still know.
 */
export class EndedSessions {
  private readonly digests = new Set<string>();
  private readonly listeners = new Set<(digest: string) => void>();

  constructor(private readonly notices: Pick<NoticePublisher, 'publish'>) {}

  has(digest: string): boolean {
    return this.digests.has(digest);
  }

  /** Remembers the end of a session at once, and tells the other replicas. */
  async end(digest: string): Promise<void> {
    this.remember({ digest });
    await this.notices.publish(SessionEnded, { digest }).catch(() => undefined);
  }

  /** Remembers the end of a session. */
  remember({ digest }: SessionEnded): void {
    if (this.digests.has(digest)) return;
    this.digests.add(digest);
    const [oldest = ''] = this.digests;
    if (this.digests.size > MAX_ENDED) this.digests.delete(oldest);
    for (const listener of this.listeners) listener(digest);
  }

  /** Calls the listener for each session that ends from now on. Returns a function that stops that. */
  onEnd(listener: (digest: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}
