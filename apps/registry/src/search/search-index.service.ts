import type { JsonObject } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { StoredItem } from '../catalogue/catalogue-item.entity.js';
import { toItem } from '../catalogue/catalogue-store.js';
import { Gateway } from '../gateways/gateway.entity.js';
import { itemTagger } from '../gateways/item-tags.js';
import { type SearchRow, searchRow } from './search-row.js';

/** Ids that one statement deletes. */
const AT_ONCE = 500;
/** Characters of the rows that one statement writes. The embedded database takes longer messages in parts, and mixes up clients. */
const TEXT_AT_ONCE = 32_000;
/** An arbitrary number, the same in all replicas. */
const INDEX_LOCK = 5_331_944;
/** Goes up when rows get other content: all catalogues are indexed again. */
const FORMAT = 1;

/** Changes with the catalogue of a gateway and with what administrators say of it, whichever release writes them. */
const VERSION = `'${FORMAT} ' || md5(g.blocks::text || extract(epoch from g.updated_at))`;

const OUTDATED = `select g.id, ${VERSION} as version from gateway g left join indexed_catalogue i on i.gateway_id = g.id
  where g.deleted_at is null and i.version is distinct from ${VERSION}
    and (i.gateway_id is not null or g.blocks <> '[]'::jsonb) limit 1`;

const WRITE = `insert into searchable_item
    (id, gateway_id, kind, own, key, title, description, stale, tags, words, digest)
  select id, gateway_id, kind, own, key, title, description, stale, tags, words::tsvector, digest
    from jsonb_to_recordset(?::jsonb) as r (id uuid, gateway_id uuid, kind text, own text, key text, title text,
      description text, stale boolean, tags jsonb, words text, digest text)
  on conflict (id) do update set title = excluded.title, description = excluded.description, stale = excluded.stale,
    tags = excluded.tags, words = excluded.words, digest = excluded.digest`;

/** What became of one look at the index. */
export type IndexStep = 'current' | 'updated' | 'busy';

/**
 * Makes the search index what the catalogues are. It compares versions and is not told of changes: so it also indexes what an older
 * release has written, and what was there before the index.
 */
@Injectable()
export class SearchIndex {
  constructor(private readonly database: Database) {}

  /** Indexes the catalogue of one gateway, if one is not current. `busy` while another registry does. */
  async step(): Promise<IndexStep> {
    const isCurrent = (await this.database.read((em) => em.execute<Outdated[]>(OUTDATED))).length === 0;
    if (isCurrent) return 'current';
    return this.database.transaction(async (em) => {
      const [lock] = await em.execute<{ free: boolean }[]>(`select pg_try_advisory_xact_lock(${INDEX_LOCK}) as free`);
      if (lock?.free !== true) return 'busy';
      const [outdated] = await em.execute<Outdated[]>(OUTDATED);
      if (outdated === undefined) return 'current';
      await indexGateway(em, outdated.id);
      await em.execute(
        `insert into indexed_catalogue (gateway_id, version) values (?, ?)
          on conflict (gateway_id) do update set version = excluded.version`,
        [outdated.id, outdated.version],
      );
      return 'updated';
    });
  }
}

interface Outdated extends JsonObject {
  id: string;
  version: string;
}

/** Writes only the rows that differ: a catalogue that was found again as it was costs two reads. */
async function indexGateway(em: EntityManager, gatewayId: string): Promise<void> {
  const gateway = await em.findOneOrFail(Gateway, gatewayId);
  const items = await em.find(StoredItem, { gatewayId });
  const tagsOf = itemTagger(gateway.itemTags);
  const rows = new Map(
    items.map((stored) => {
      const item = toItem(stored);
      const row = searchRow(item, { gateway, stale: stored.stale, tags: tagsOf(item) });
      return [row.id, row];
    }),
  );
  const known = await em.execute<{ id: string; digest: string }[]>(
    `select id, digest from searchable_item where gateway_id = ?`,
    [gatewayId],
  );
  const gone = known.filter(({ id }) => !rows.has(id)).map(({ id }) => id);
  for (const ids of inParts(gone)) await em.execute(`delete from searchable_item where id in (?)`, [ids]);
  const digests = new Map(known.map(({ id, digest }) => [id, digest]));
  const changed = [...rows.values()].filter(({ id, digest }) => digests.get(id) !== digest);
  for (const text of rowTexts(changed)) await em.execute(WRITE, [text]);
}

/** The rows as JSON arrays of bounded length. */
function rowTexts(rows: readonly SearchRow[]): string[] {
  const texts: string[][] = [];
  let length = Infinity;
  for (const text of rows.map((row) => JSON.stringify(row))) {
    if (length + text.length > TEXT_AT_ONCE) {
      texts.push([]);
      length = 0;
    }
    texts.at(-1)?.push(text);
    length += text.length;
  }
  return texts.map((part) => `[${part.join(',')}]`);
}

function inParts<T>(all: readonly T[]): T[][] {
  const count = Math.ceil(all.length / AT_ONCE);
  return Array.from({ length: count }, (_, n) => all.slice(n * AT_ONCE, (n + 1) * AT_ONCE));
}
