import type { ItemKind, JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { isShownIn, type ListVariant, SAME_FOR_ALL } from '../protocol/conditional-items.js';
import type { EraRules, ListMetadata } from '../protocol/era-rules.js';
import { listMetadata } from '../protocol/list-metadata.js';
import { isCallable } from '../protocol/listed-item.js';
import { OMITTED_META } from '../protocol/omissions.js';
import type { ExposedItem } from '../routes/table/item-list.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import type { LiveList } from './live-lists.js';

/**
 * Longest JSON of the items on one page. Some clients read the first page only, so there is a second one only if it must be:
 * clients limit responses, as Lethe itself does for upstreams (4 MiB). The whole catalogue of one gateway is shorter.
 */
export const MAX_PAGE_BYTES = 3 * 1024 * 1024;

/** A list as one client sees it. */
export interface ListView {
  readonly server: VirtualServer;
  /** The client's. */
  readonly era: EraRules;
  readonly rule: { readonly kind: ItemKind; readonly member: string };
  readonly variant?: ListVariant;
  /** What the caller's own lists have; undefined if no list of the virtual server is live. */
  readonly live?: LiveList | undefined;
}

/**
 * The JSON of a list's result, for one page.
 * @param items those that come after the page before
 * @param cursorAfter makes the cursor of the next page
 */
export function pageJson(
  { server, era, rule, variant = SAME_FOR_ALL, live }: ListView,
  items: readonly ExposedItem[],
  cursorAfter: (item: ExposedItem) => string,
): string {
  const listed = items.filter(
    (item) =>
      item.isOpen &&
      isCallable(item, era.era) &&
      isShownIn(variant, item) &&
      (item.gateway.isListed || live?.shows(item)),
  );
  const { shown, last } = fillPage(listed, era);
  const members: JsonObject = {
    ...(last && { nextCursor: cursorAfter(last) }),
    ...era.listMembers(liveMetadata(metadataOf(server, rule.kind), live)),
  };
  const others = JSON.stringify(withOmitted(members, live)).slice(1);
  return `{"${rule.member}":[${shown.join(',')}]${others === '}' ? '' : ','}${others}`;
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

/** A list that depends on client capabilities is not the same for every caller. */
function metadataOf(server: VirtualServer, kind: ItemKind): ListMetadata {
  const metadata = listMetadata(server);
  return server.items[kind].conditionalOn.size === 0 ? metadata : { ...metadata, cacheScope: 'private' };
}

function liveMetadata(metadata: ListMetadata, live: LiveList | undefined): ListMetadata {
  if (!live) return metadata;
  return { ...metadata, ttlMs: live.omitted.length > 0 ? 0 : Math.min(metadata.ttlMs, live.ttlMs) };
}

/** Names the omitted gateways and why, so that clients see that the list is incomplete and what would complete it. */
function withOmitted(result: JsonObject, live: LiveList | undefined): JsonObject {
  if (!live || live.omitted.length === 0) return result;
  const { _meta: meta } = result;
  return { ...result, _meta: { ...(isObject(meta) ? meta : {}), [OMITTED_META]: [...live.omitted] } };
}
