import { Database } from '@lethe/persistence';
import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const EVERY_MS = 60_000;

/** Notes when administrators used their tokens, at most once a minute each. No request waits for it. */
@Injectable()
export class LastUses {
  private readonly written = new LRUCache<string, number>({ max: 10_000 });

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  note(id: string, now: Date): void {
    if (now.getTime() - (this.written.get(id) ?? 0) < EVERY_MS) return;
    this.written.set(id, now.getTime());
    this.write(id, now).catch((error: unknown) =>
      this.logger.debug({ err: error }, 'The use of a token was not noted'),
    );
  }

  /** Another replica may have written it: the row changes once a minute all the same. */
  private async write(id: string, now: Date): Promise<void> {
    await this.database.read((em) =>
      em.execute(`update admin set last_used_at = ? where id = ? and (last_used_at is null or last_used_at < ?)`, [
        now,
        id,
        new Date(now.getTime() - EVERY_MS),
      ]),
    );
  }
}
