import type { JsonObject, JsonValue, UpstreamFacts } from '@lethe/contracts';
import { announcedLists, type ListKind } from '@lethe/mcp';
import { CatalogueCollector } from './catalogue-collector.js';
import { HandshakeFailure } from './handshake-failure.js';
import type { Visit } from './visit.js';

/** What all pages of all announced lists hold, and whether the upstream lets them be shown to other callers. */
export interface Listed {
  catalogue: CatalogueCollector;
  listScope: UpstreamFacts['listScope'];
}

/** Fetches every page of every list that the capabilities announce. */
export async function listAll(visit: Visit): Promise<Listed> {
  const catalogue = new CatalogueCollector(visit.facts.era);
  const scopes: unknown[] = [];
  for (const list of announcedLists(visit.facts.capabilities)) {
    for await (const page of pagesOf(visit, list)) {
      scopes.push(page.cacheScope);
      page.items.forEach((item, index) => catalogue.add(list, page.first + index, item));
      if (!page.isLast && catalogue.isFull) {
        catalogue.skip(list.kind, page.first + page.items.length, 'too_many');
        break;
      }
    }
  }
  return { catalogue, listScope: scopeOf(visit, scopes) };
}

interface Page {
  items: JsonValue[];
  /** Index of the page's first item in the whole list. */
  first: number;
  isLast: boolean;
  cacheScope: JsonValue | undefined;
}

async function* pagesOf(visit: Visit, list: ListKind): AsyncGenerator<Page> {
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let first = 0;
  do {
    const result = await visit.ask(list.method, cursor === undefined ? {} : { cursor });
    if (result === undefined) return;
    const items = result[list.member];
    if (!Array.isArray(items)) throw new HandshakeFailure('upstream_protocol_error');
    cursor = nextCursor(result, cursors);
    yield { items, first, isLast: cursor === undefined, cacheScope: result.cacheScope };
    first += items.length;
  } while (cursor !== undefined);
}

/** A cursor that comes again would never end. */
function nextCursor(result: JsonObject, seen: Set<string>): string | undefined {
  const { nextCursor: next } = result;
  if (next === undefined || next === null) return undefined;
  if (typeof next !== 'string' || seen.has(next)) throw new HandshakeFailure('upstream_protocol_error');
  seen.add(next);
  return next;
}

/** Public only when every page says so: caches of private answers must not be shared (MCP 2026-07-28, caching). */
function scopeOf(visit: Visit, scopes: unknown[]): UpstreamFacts['listScope'] {
  if (visit.facts.era === 'legacy') return 'unknown';
  return scopes.length > 0 && scopes.every((scope) => scope === 'public') ? 'public' : 'private';
}
