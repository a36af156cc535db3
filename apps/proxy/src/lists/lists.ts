import { type Era, forEachKind, type ItemKind, type JsonObject, type JsonValue } from '@lethe/contracts';
import { closedResult, isObject, MODERN_VERSIONS } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import { LRUCache } from 'lru-cache';
import { isShownIn, type ListVariant, SAME_FOR_ALL } from '../protocol/conditional-items.js';
import { isCallable } from '../protocol/listed-item.js';
import type { EraRules, ListMetadata } from '../protocol/era-rules.js';
import { modernCapabilities } from '../protocol/capabilities.js';
import { instructionsFor } from '../protocol/instructions.js';
import { identityOf } from '../protocol/server-identity.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { OMITTED_META, type LiveList } from './live-lists.js';
import { PregzippedBody } from '../http/response/pregzipped-body.js';
import { listMetadata } from '../protocol/list-metadata.js';

/**
 * Longest JSON of the items on one page. Some clients read the first page only, so there is a second one only if it must be:
 * clients limit responses, as Lethe itself does for upstreams (4 MiB). The whole catalogue of one gateway is shorter.
 */
export const MAX_PAGE_BYTES = 3 * 1024 * 1024;
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

interface ListRule {
  readonly kind: ItemKind;
  readonly member: string;
}

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
  page(
    server: VirtualServer,
    era: EraRules,
    rule: ListRule,
    cursor?: JsonValue,
    live?: LiveList,
    variant = SAME_FOR_ALL,
  ): PregzippedBody {
    const start = cursor === undefined ? 0 : this.startAfter(server, rule.kind, cursor);
    if (live) return this.write(server, era, rule, start, variant, live);
    const found = this.pages.get(server.id);
    const kept = found?.server === server ? found : undefined;
    const key = pageKey(FIRST[era.era][rule.kind], start, variant);
    const known = kept?.written.get(key);
    if (known) return known;
    const page = this.write(server, era, rule, start, variant);
    this.keep(server, key, page, kept);
    return page;
  }

  /** The JSON of the result of `server/discover`. */
  discover(server: VirtualServer, era: EraRules): string {
    const instructions = instructionsFor(server, era.era);
    const metadata = { ...listMetadata(server), serverInfo: identityOf(server, era.era) };
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
    this.pages.set(server.id, { server, written, bytes: (others?.bytes ?? 0) + length });
  }

  private write(
    server: VirtualServer,
    era: EraRules,
    rule: ListRule,
    start: number,
    variant: ListVariant,
    live?: LiveList,
  ): PregzippedBody {
    const rest = itemsOf(server, rule.kind).slice(start);
    const listed = rest.filter(
      (item) => isCallable(item, era.era) && isShownIn(variant, item) && (item.gateway.isListed || live?.shows(item)),
    );
    const { shown, last } = fillPage(listed, era);
    const members: JsonObject = {
      ...(last && { nextCursor: this.cursors.seal({ k: rule.kind, a: last.exposed }, server.id) }),
      ...era.listMembers(liveMetadata(metadataOf(server, rule.kind), live)),
    };
    const others = JSON.stringify(withOmitted(members, live)).slice(1);
    const json = `{"${rule.member}":[${shown.join(',')}]${others === '}' ? '' : ','}${others}`;
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

/** The JSON of as many items as fit, at least one; and the last of them, if there are more. */
function fillPage(listed: readonly ExposedItem[], era: EraRules): { shown: string[]; last: ExposedItem | undefined } {
  const shown: string[] = [];
  let bytes = 0;
  for (const item of listed) {
    const json = JSON.stringify(era.listedItem(item.definitionFor(era.era) ?? {}));
    bytes += Buffer.byteLength(json) + 1;
    if (bytes > MAX_PAGE_BYTES && shown.length > 0) return { shown, last: listed[shown.length - 1] };
    shown.push(json);
  }
  return { shown, last: undefined };
}

function itemsOf(server: VirtualServer, kind: ItemKind): ExposedItem[] {
  return [...server.items[kind].values()];
}

function pageKey(first: string, start: number, variant: ListVariant): string {
  const page = start === 0 ? first : `${first} ${start}`;
  return variant.size === 0 ? page : `${page} ${[...variant].join(' ')}`;
}

/** A list that depends on client capabilities is not the same for every caller. */
function metadataOf(server: VirtualServer, kind: ItemKind): ListMetadata {
  const metadata = listMetadata(server);
  return server.items[kind].conditionalOn.size === 0 ? metadata : { ...metadata, cacheScope: 'private' };
}

function liveMetadata(metadata: ListMetadata, live: LiveList | undefined): ListMetadata {
  if (!live) return metadata;
  return { ...metadata, ttlMs: live.omitted.length > 0 ? 0 : Math.min(metadata.ttlMs, live.ttlMs) };
}

/** Names the omitted gateways, so that clients see that the list is incomplete. */
function withOmitted(result: JsonObject, live: LiveList | undefined): JsonObject {
  if (!live || live.omitted.length === 0) return result;
  const { _meta: meta } = result;
  const omitted = live.omitted.map(({ gateway, reason }) => ({ gateway, reason }));
  return { ...result, _meta: { ...(isObject(meta) ? meta : {}), [OMITTED_META]: omitted } };
}
