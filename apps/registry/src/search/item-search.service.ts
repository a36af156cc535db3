import type { ItemKind } from '@lethe/contracts';
import { Database } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { filteredGateway } from '../gateways/gateway-filter.js';
import type { PartKind } from '../rest/cursor.js';
import { limitOf, type Page, positionOf, toPage } from '../rest/paging.js';
import type { FoundItemView } from './found-item.view.js';
import type { ItemsQuery } from './item-search.dto.js';
import { keyOf } from './search-row.js';
import { queryOf } from './words.js';

/** Names in virtual servers that are shown of each item. */
const MAX_SERVERS = 20;
/** Rank, name, id. */
const PARTS: readonly PartKind[] = ['integer', 'text', 'uuid'];

interface FoundRow {
  id: string;
  gateway_id: string;
  gateway: string;
  kind: ItemKind;
  own: string;
  key: string;
  title: string | null;
  description: string | null;
  tags: string[];
  gateway_tags: string[];
  stale: boolean;
  rank: number;
}

interface ExposedRow {
  item: string;
  slug: string;
  exposed: string;
  total: string;
}

/** Whole names before words of names, these before titles, these before descriptions; and short texts before long ones. */
const RANK = `(ts_rank('{0.02, 0.1, 0.4, 1}', s.words, ?::tsquery, 1) * 1000000)::int
  + case when s.key = ? then 10000000 else 0 end`;

const EXPOSED = `
  select item, slug, exposed, total from (
    select w.id as item, v.slug, e.exposed,
        count(*) over (partition by w.id) as total,
        row_number() over (partition by w.id order by v.slug, e.exposed) as place
      from jsonb_to_recordset(?::jsonb) as w (id uuid, gateway_id uuid, kind text, own text)
      join exposed_name e on e.gateway_id = w.gateway_id and e.own = w.own and e.kind = w.kind and e.current
      join virtual_server v on v.id = e.server_id and v.deleted_at is null) found
  where place <= ${MAX_SERVERS} order by slug, exposed`;

/** Finds items in the catalogues of all gateways. */
@Injectable()
export class ItemSearchService {
  constructor(private readonly database: Database) {}

  /** @throws LetheError `invalid_request` for a gateway that does not exist, or a cursor of another list */
  async find(query: ItemsQuery): Promise<Page<FoundItemView>> {
    return this.database.read(async (em) => {
      const statement = searchStatement(query, await filteredGateway(em, query.gateway));
      const rows = statement ? await em.execute<FoundRow[]>(statement.sql, statement.values) : [];
      const { items, ...page } = toPage(
        rows,
        query,
        ({ rank, key, id }) => [rank, key, id],
        (row) => row,
      );
      const exposed = await exposedNames(em, items);
      return { items: items.map((row) => toFoundItem(row, exposed.get(row.id) ?? [])), ...page };
    });
  }
}

/** The statement of a search, and its values. Undefined if nothing can match. */
export function searchStatement(
  query: ItemsQuery,
  gatewayId: string | undefined,
): { sql: string; values: unknown[] } | undefined {
  const { q } = query;
  const words = q === undefined ? undefined : queryOf(q);
  const position = positionOf(query, PARTS);
  if (q !== undefined && words === undefined) return undefined;
  const rank = words === undefined ? part('0') : part(RANK, words, keyOf(q ?? '').trim());
  const found = joined(conditionsOf(query, words, gatewayId), ' and ');
  const order = words === undefined ? 'key, id' : 'rank desc, key, id';
  const after =
    position && (words === undefined ? part('(key, id) > (?, ?::uuid)', ...position.slice(1)) : afterRank(position));
  const sql = `select * from (
      select s.id, s.gateway_id, g.slug as gateway, s.kind, s.own, s.key, s.title, s.description, s.tags,
          g.tags as gateway_tags, s.stale, ${rank.sql} as rank
        from searchable_item s join gateway g on g.id = s.gateway_id where ${found.sql}) found
    ${after ? `where ${after.sql}` : ''} order by ${order} limit ?`;
  return { sql, values: [...rank.values, ...found.values, ...(after?.values ?? []), limitOf(query) + 1] };
}

function conditionsOf({ kind, tag }: ItemsQuery, words: string | undefined, gatewayId: string | undefined): Part[] {
  return [
    part('g.deleted_at is null'),
    ...(words === undefined ? [] : [part('s.words @@ ?::tsquery', words)]),
    ...(kind === undefined ? [] : [part('s.kind = ?', kind)]),
    ...(gatewayId === undefined ? [] : [part('s.gateway_id = ?', gatewayId)]),
    ...(tag === undefined ? [] : [part('(s.tags || g.tags) @> ?::jsonb', JSON.stringify([tag]))]),
  ];
}

interface Part {
  sql: string;
  values: unknown[];
}

function part(sql: string, ...values: unknown[]): Part {
  return { sql, values };
}

function joined(parts: readonly Part[], by: string): Part {
  return { sql: parts.map(({ sql }) => sql).join(by), values: parts.flatMap(({ values }) => values) };
}

function afterRank([rank, key, id]: readonly unknown[]): Part {
  return part('(rank < ? or (rank = ? and (key, id) > (?, ?::uuid)))', rank, rank, key, id);
}

async function exposedNames(em: EntityManager, items: readonly FoundRow[]): Promise<Map<string, ExposedRow[]>> {
  if (items.length === 0) return new Map();
  const wanted = items.map(({ id, gateway_id, kind, own }) => ({ id, gateway_id, kind, own }));
  const rows = await em.execute<ExposedRow[]>(EXPOSED, [JSON.stringify(wanted)]);
  return Map.groupBy(rows, ({ item }) => item);
}

function toFoundItem(row: FoundRow, exposed: readonly ExposedRow[]): FoundItemView {
  const { gateway, kind, own: name, title, description, tags, gateway_tags, stale } = row;
  return {
    ...{ gateway, kind, name, title, description, stale },
    tags: [...new Set([...tags, ...gateway_tags])].toSorted(),
    exposedCount: Number(exposed[0]?.total ?? 0),
    servers: exposed.map((each) => ({ slug: each.slug, exposed: each.exposed })),
  };
}
