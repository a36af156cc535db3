import { type Era, forEachKind, type ItemKind, type JsonValue } from '@lethe/contracts';
import { closedResult, isObject, MODERN_VERSIONS } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import { LRUCache } from 'lru-cache';
import { type ListVariant, SAME_FOR_ALL } from '../protocol/conditional-items.js';
import type { EraRules } from '../protocol/era-rules.js';
import { modernCapabilities } from '../protocol/capabilities.js';
import { instructionsFor, joinInstructions } from '../protocol/instructions.js';
import { identityOf } from '../protocol/server-identity.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { PregzippedBody } from '../http/response/pregzipped-body.js';
import { listMetadata } from '../protocol/list-metadata.js';
import { type ListView, pageJson } from './list-page.js';

/** Size of all cached pages, uncompressed; a page with a hundred tools has about fifty thousand bytes. */
const KEPT_BYTES = 64 * 1024 * 1024;

/** Cached pages of one revision of a virtual server; the next revision replaces them. */
interface Pages {
  readonly server: VirtualServer;
  readonly written: ReadonlyMap<string, PregzippedBody>;
  readonly bytes: number;
}

/** Cache keys of first pages, made once: a new string would have to be hashed again. */
const firstPages = (era: Era) => forEachKind((kind) => `${era} ${kind}`);
const FIRST = { legacy: firstPages('legacy'), modern: firstPages('modern') };

/**
 * Lists from the manifest. Pages that are the same for every caller are cached as JSON; pages that depend on a caller's
 * own lists are written for each request.
 */
export class Lists {
  private readonly pages;

  constructor(
    private readonly cursors: Sealer,
    private readonly keptBytes = KEPT_BYTES,
  ) {
    this.pages = new LRUCache<string, Pages>({ maxSize: keptBytes, sizeCalculation: ({ bytes }) => bytes });
  }

  /**
   * The result of a list request for one page.
   * @throws LetheError `params_invalid` for a cursor that Lethe did not issue
   */
  page(view: ListView, cursor?: JsonValue): PregzippedBody {
    const { server, era, rule, variant = SAME_FOR_ALL } = view;
    const start = cursor === undefined ? 0 : this.startAfter(server, rule.kind, cursor);
    if (view.live) return this.write(view, start);
    const found = this.pages.get(server.viewKey);
    const kept = found?.server === server ? found : undefined;
    const key = pageKey(FIRST[era.era][rule.kind], start, variant);
    const known = kept?.written.get(key);
    if (known) return known;
    const page = this.write(view, start);
    this.keep(server, key, page, kept);
    return page;
  }

  /**
   * The JSON of the result of `server/discover`.
   * @param notice what only this caller is told, at the end of the instructions
   */
  discover(server: VirtualServer, era: EraRules, notice?: string): string {
    const instructions = joinInstructions([instructionsFor(server, era.era), notice]);
    const shared = { ...listMetadata(server), serverInfo: identityOf(server, era.era) };
    const metadata = notice === undefined ? shared : { ...shared, cacheScope: 'private' as const };
    return JSON.stringify({
      supportedVersions: [...MODERN_VERSIONS],
      capabilities: modernCapabilities(server),
      ...(instructions !== undefined && { instructions }),
      ...era.listMembers(metadata),
    });
  }

  /** Pages of one server that are too long together start anew: the cache would keep none of them. */
  private keep(server: VirtualServer, key: string, page: PregzippedBody, kept: Pages | undefined): void {
    const { length } = page.bytes;
    const others = kept && kept.bytes + length <= this.keptBytes ? kept : undefined;
    const written = new Map(others?.written).set(key, page);
    this.pages.set(server.viewKey, { server, written, bytes: (others?.bytes ?? 0) + length });
  }

  private write(view: ListView, start: number): PregzippedBody {
    const { server, rule, live } = view;
    const cursorAfter = ({ exposed }: ExposedItem): string =>
      this.cursors.seal({ k: rule.kind, a: exposed }, server.id);
    const json = pageJson(view, itemsOf(server, rule.kind).slice(start), cursorAfter);
    return new PregzippedBody(closedResult(json), live === undefined);
  }

  /** A cursor names the last item seen, so that it stays valid when the virtual server changes. */
  private startAfter(server: VirtualServer, kind: ItemKind, cursor: JsonValue): number {
    const claims = typeof cursor === 'string' ? this.cursors.open(cursor, server.id) : undefined;
    const after = isObject(claims) && claims['k'] === kind ? claims['a'] : undefined;
    const at = itemsOf(server, kind).findIndex(({ exposed }) => exposed === after);
    if (at === -1) throw new LetheError('params_invalid', { member: 'cursor' });
    return at + 1;
  }
}

function itemsOf(server: VirtualServer, kind: ItemKind): ExposedItem[] {
  return [...server.items[kind].values()];
}

function pageKey(first: string, start: number, variant: ListVariant): string {
  const page = start === 0 ? first : `${first} ${start}`;
  return variant.size === 0 ? page : `${page} ${[...variant].join(' ')}`;
}
