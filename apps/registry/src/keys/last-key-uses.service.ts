import type { KeysUsed } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringFailure } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

/** The row of a key changes once in this time, however many proxies report it. */
const EVERY_MS = 60_000;
const ID = /^[0-9a-f]{16}$/;
const SERVER_ID = /^[0-9a-f-]{36}$/;

/**
 * Notes when callers' keys were used, as proxies tell it. Every registry hears every proxy: whichever writes first, the others
 * find nothing to write. Not by entities, so that the audit log has no entry for it.
 */
@Injectable()
export class LastKeyUses {
  private readonly written = new LRUCache<string, number>({ max: 20_000 });
  private readonly failure: RecurringFailure;

  constructor(
    private readonly database: Database,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.failure = new RecurringFailure(logger, "Noting the use of callers' keys");
  }

  async note({ keyIds, serverIds = [], at }: KeysUsed, now = new Date()): Promise<void> {
    // A proxy's clock may be wrong: nothing was used in the future.
    const usedMs = Math.min(Date.parse(at), now.getTime());
    const due = keyIds.flatMap((id, index) => {
      if (!ID.test(id) || usedMs - (this.written.get(id) ?? 0) < EVERY_MS) return [];
      const server = serverIds[index] ?? '';
      return [{ id, server: SERVER_ID.test(server) ? server : null }];
    });
    if (due.length === 0) return;
    try {
      await this.write(due, new Date(usedMs));
      for (const { id } of due) this.written.set(id, usedMs);
      this.failure.succeeded();
    } catch (error) {
      this.failure.failed(error);
    }
  }

  /** Rows that somebody else is changing just now are left to the next report, so that nobody waits for another. */
  private async write(used: { id: string; server: string | null }[], at: Date): Promise<void> {
    await this.database.read((em) =>
      em.execute(
        `update caller_key set last_used_at = ?::timestamptz, last_server_id = coalesce(used.server, last_server_id)
         from jsonb_to_recordset(?::jsonb) as used (id text, server text)
         where caller_key.id = used.id and caller_key.id in (
           select id from caller_key where revoked_at is null and (last_used_at is null or last_used_at < ?::timestamptz)
           and id in (select key->>'id' from jsonb_array_elements(?::jsonb) as key) for update skip locked)`,
        [
          at.toISOString(),
          JSON.stringify(used),
          new Date(at.getTime() - EVERY_MS + 1).toISOString(),
          JSON.stringify(used),
        ],
      ),
    );
  }
}
