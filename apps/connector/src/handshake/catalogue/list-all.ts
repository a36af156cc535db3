import type { ItemKind, JsonObject, JsonValue, UpstreamFacts } from '@lethe/contracts';
import { announcedLists, type ListKind, ListPages } from '@lethe/mcp';
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
  const pages = new ListPages();
  const cursors = new Set<string>();
  for (let first = 0; ;) {
    const result = await pageAt(connection, list, pages);
    if (result === undefined) return;
    const items = result[list.member];
    const { nextCursor: next } = result;
    if (!Array.isArray(items) || !isCursor(next)) throw new HandshakeFailure('upstream_protocol_error');
    const page = pages.take(items, next);
    if (page === 'repeated') return;
    yield { items, first, isLast: page === 'last', cacheScope: result.cacheScope };
    if (page === 'last') return;
    first += items.length;
    // A cursor that repeats would loop without end.
    if (cursors.size === cursors.add(pages.cursor ?? '').size) throw new HandshakeFailure('upstream_protocol_error');
  }
}

async function pageAt(
  connection: UpstreamConnection,
  { method }: ListKind,
  { cursor, mayBeOver }: ListPages,
): Promise<JsonObject | undefined> {
  try {
    return await connection.request(method, cursor === undefined ? {} : { cursor });
  } catch (error) {
    const isAnswered = error instanceof HandshakeFailure && ANSWERED.has(error.code);
    if (mayBeOver && isAnswered) return undefined;
    throw error;
  }
}

/** The upstream rejected the request for a page, or its response has no result. */
const ANSWERED: ReadonlySet<string> = new Set(['upstream_http_error', 'upstream_protocol_error']);

function isCursor(value: JsonValue | undefined): boolean {
  return value === undefined || value === null || typeof value === 'string';
}

/**
 * Public only if every page says so: private lists must not be shared by caches.
 * https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching
 */
function scopeOf(connection: UpstreamConnection, scopes: unknown[]): UpstreamFacts['listScope'] {
  if (connection.facts.era === 'legacy') return 'unknown';
  return scopes.length > 0 && scopes.every((scope) => scope === 'public') ? 'public' : 'private';
}
