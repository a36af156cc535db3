import type { ItemKind, JsonObject, JsonValue, UpstreamFacts } from '@lethe/contracts';
import { announcedLists, type ListKind } from '@lethe/mcp';
import { CatalogueCollector } from './catalogue-collector.js';
import { HandshakeFailure } from '../outcome/handshake-failure.js';
import type { UpstreamConnection } from '../eras/upstream-connection.js';

/** All items of all declared lists, and whether shared caches may store them. */
export interface ListedCatalogue {
  catalogue: CatalogueCollector;
  listScope: UpstreamFacts['listScope'];
  /** The methods of the lists that were requested. */
  requested: string[];
}

/**
 * Reads every page of every list that the capabilities declare.
 * @param kinds the lists to read; all of them otherwise
 */
export async function listAll(connection: UpstreamConnection, kinds?: ReadonlySet<ItemKind>): Promise<ListedCatalogue> {
  const catalogue = new CatalogueCollector(connection.facts.era);
  const scopes: unknown[] = [];
  const lists = announcedLists(connection.facts.capabilities).filter(({ kind }) => !kinds || kinds.has(kind));
  for (const list of lists) {
    for await (const page of pagesOf(connection, list)) {
      scopes.push(page.cacheScope);
      page.items.forEach((item, index) => catalogue.add(list, page.first + index, item));
      if (!page.isLast && catalogue.isFull) {
        catalogue.skip(list.kind, page.first + page.items.length, 'too_many');
        break;
      }
    }
  }
  return { catalogue, listScope: scopeOf(connection, scopes), requested: lists.map(({ method }) => method) };
}

interface Page {
  items: JsonValue[];
  /** Index of the page's first item in the whole list. */
  first: number;
  isLast: boolean;
  cacheScope: JsonValue | undefined;
}

async function* pagesOf(connection: UpstreamConnection, list: ListKind): AsyncGenerator<Page> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let first = 0;
  do {
    const result = await connection.request(list.method, cursor === undefined ? {} : { cursor });
    if (result === undefined) return;
    const items = result[list.member];
    if (!Array.isArray(items)) throw new HandshakeFailure('upstream_protocol_error');
    cursor = nextCursor(result, cursors);
    yield { items, first, isLast: cursor === undefined, cacheScope: result.cacheScope };
    first += items.length;
  } while (cursor !== undefined);
}

/** A cursor that repeats would loop without end. */
function nextCursor(result: JsonObject, seen: Set<string>): string | undefined {
  const { nextCursor: next } = result;
  if (next === undefined || next === null) return undefined;
  if (typeof next !== 'string' || seen.has(next)) throw new HandshakeFailure('upstream_protocol_error');
  seen.add(next);
  return next;
}

/**
 * Public only if every page says so: private lists must not be shared by caches.
 * https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching
 */
function scopeOf(connection: UpstreamConnection, scopes: unknown[]): UpstreamFacts['listScope'] {
  if (connection.facts.era === 'legacy') return 'unknown';
  return scopes.length > 0 && scopes.every((scope) => scope === 'public') ? 'public' : 'private';
}
