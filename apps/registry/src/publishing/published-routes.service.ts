import { BUCKETS, type FetchRoutes, FetchRoutesReply, MAX_MESSAGE_BYTES, RoutesDigest } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import { routesHash } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';

/** Leaves room for the envelope of the reply. */
const MAX_PAGE_BYTES = MAX_MESSAGE_BYTES - 4 * 1024;
const MAX_ROWS = 500;

interface Row {
  key: string;
  value: string;
}

/** Reads the published state from the database. */
@Injectable()
export class PublishedRoutes {
  constructor(private readonly database: Database) {}

  /** Count and hash of servers, callers and kept credentials; tombstones, revoked keys and deletions included. */
  async digest(): Promise<RoutesDigest> {
    const [servers, callers] = [await this.lines(BUCKETS.servers), await this.lines(BUCKETS.callers)];
    const kept = await this.lines(BUCKETS.kept);
    return Object.assign(new RoutesDigest(), {
      servers: servers.length,
      serversHash: routesHash(servers),
      callers: callers.length,
      callersHash: routesHash(callers),
      kept: kept.length,
      keptHash: routesHash(kept),
    });
  }

  /** The newest revision of a server or caller; 0 before the first. */
  async newestRevision(): Promise<number> {
    const rows = await this.database.read((em) =>
      em.execute<{ newest: string | null }[]>(
        'select max(revision)::text as newest from published_snapshot where bucket in (?, ?)',
        [BUCKETS.servers, BUCKETS.callers],
      ),
    );
    return Number(rows[0]?.newest ?? 0);
  }

  /**
   * One page in the order of keys, with as many entries as fit into a message. `nextCursor` is set when there are more.
   */
  async page(query: FetchRoutes): Promise<FetchRoutesReply> {
    const rows = await this.rows(query);
    const entries: [string, string][] = [];
    let bytes = 0;
    let before: string | undefined;
    for (const { key, value } of rows) {
      const size = Buffer.byteLength(JSON.stringify([key, value])) + 1;
      // An entry that is too long for any message is skipped; only the KV store has it.
      const fits = size <= MAX_PAGE_BYTES;
      if (fits && bytes + size > MAX_PAGE_BYTES) return reply(entries, before);
      if (fits) entries.push([key, value]);
      bytes += fits ? size : 0;
      before = key;
    }
    return reply(entries, rows.length === MAX_ROWS ? before : undefined);
  }

  private async rows({ bucket, keys, cursor = '' }: FetchRoutes): Promise<Row[]> {
    if (keys?.length === 0) return [];
    const chosen = keys ? 'and key in (?)' : '';
    return this.database.read((em) =>
      em.execute<Row[]>(
        `select key, value from published_snapshot where bucket = ? and key collate "C" > ? ${chosen}
         order by key collate "C" limit ${MAX_ROWS}`,
        [bucket, cursor, ...(keys ? [keys] : [])],
      ),
    );
  }

  private async lines(bucket: string): Promise<string[]> {
    const rows = await this.database.read((em) =>
      em.execute<{ line: string }[]>(`select key || ':' || revision as line from published_snapshot where bucket = ?`, [
        bucket,
      ]),
    );
    return rows.map(({ line }) => line);
  }
}

function reply(entries: [string, string][], nextCursor: string | undefined): FetchRoutesReply {
  return Object.assign(new FetchRoutesReply(), { entries, ...(nextCursor !== undefined && { nextCursor }) });
}
