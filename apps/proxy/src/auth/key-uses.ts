import { KeysUsed } from '@lethe/contracts';
import type { NoticePublisher } from '@lethe/messaging';

const EVERY_MS = 60_000;
/** Ids in one notice, so that it fits into a message. */
const IDS_PER_NOTICE = 4_000;

/** Tells the registry once a minute which keys were used. */
export class KeyUses {
  private used = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly notices: NoticePublisher) {}

  note(keyId: string): void {
    this.used.add(keyId);
  }

  start(): void {
    this.timer = setInterval(() => void this.tell(), EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.tell();
  }

  /** A lost notice is not repeated: the next use reports the key again. */
  async tell(): Promise<void> {
    const keyIds = [...this.used];
    this.used = new Set();
    const at = new Date().toISOString();
    for (let from = 0; from < keyIds.length; from += IDS_PER_NOTICE) {
      await this.notices
        .tell(KeysUsed, { keyIds: keyIds.slice(from, from + IDS_PER_NOTICE), at })
        .catch(() => undefined);
    }
  }
}
