import { Migration } from '@mikro-orm/migrations';

/**
 * The search index of all catalogues, in tables of its own: registries fill it while they run, and an older one beside them
 * notices nothing. Two indexes of existing tables: which servers expose an item, and verifications by time.
 */
export class SearchOfItems extends Migration {
  override name = '20261130052000-search-of-items';

  override up(): void {
    this.addSql(`create table searchable_item (id uuid primary key, gateway_id uuid not null, kind text not null,
      own text not null, key varchar(255) not null, title text null, description text null, stale boolean not null,
      tags jsonb not null, words tsvector not null, digest varchar(255) not null)`);
    // Without a list of pending entries, which each search would read: catalogues change seldom.
    this.addSql(
      `create index searchable_item_words_index on searchable_item using gin (words) with (fastupdate = off)`,
    );
    this.addSql(`create index searchable_item_gateway_id_index on searchable_item (gateway_id)`);
    this.addSql(`create index searchable_item_key_id_index on searchable_item (key, id)`);
    this.addSql(`create table indexed_catalogue (gateway_id uuid primary key, version varchar(255) not null)`);
    this.addSql(`create index exposed_name_gateway_id_own_index on exposed_name (gateway_id, own)`);
    this.addSql(`create index verification_created_at_id_index on verification (created_at, id)`);
  }
}
