import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { type Page, pagesOf } from './pages.js';
import type { components, operations } from './schema.js';

/** An item of some gateway, as the search finds it. */
export type FoundItem = components['schemas']['FoundItemView'];
/** An item with the definition that its upstream sent. */
export type Item = components['schemas']['ItemView'];
/** Tool, resource, resource template or prompt. */
export type ItemKind = Item['kind'];
/** By what items are found. */
export type ItemFilters = Omit<NonNullable<operations['findItems']['parameters']['query']>, 'cursor' | 'limit'>;

/** Which item: a name belongs to a kind and a gateway. */
export interface ItemRef {
  /** Slug. */
  gateway: string;
  kind: ItemKind;
  /** The upstream's own name of it, URI or URI template. */
  name: string;
}

const PAGE = 200;
/** The most that a page of the API has. */
const LONGEST_PAGE = 1_000;

/** All items that match, page by page. */
export function itemPages(filters: ItemFilters) {
  return pagesOf(['items', 'found', filters], async (cursor, signal) =>
    body(
      await api.GET('/v1/items', { params: { query: { ...filters, limit: PAGE, ...(cursor && { cursor }) } }, signal }),
    ),
  );
}

/** One item with its definition; null if its gateway has none like it. */
export function oneItem(ref: ItemRef) {
  return queryOptions({
    queryKey: ['items', 'one', ref],
    queryFn: async ({ signal }) => {
      let cursor: string | undefined;
      do {
        const page = await itemsOf(ref, cursor, signal);
        const item = page.items.find(({ name }) => name === ref.name);
        if (item) return item;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      return null;
    },
  });
}

/** What the search knows of one item: its tags, and where it is exposed. Null if it does not find it. */
export function oneFoundItem({ gateway, kind, name }: ItemRef) {
  return queryOptions({
    queryKey: ['items', 'exposure', { gateway, kind, name }],
    queryFn: async ({ signal }) => {
      const query = { q: name, kind, gateway, limit: PAGE } as const;
      const { items } = body(await api.GET('/v1/items', { params: { query }, signal }));
      return items.find((item) => item.name === name) ?? null;
    },
  });
}

async function itemsOf(
  { gateway, kind }: ItemRef,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<Page<Item>> {
  const options = {
    params: { path: { ref: gateway }, query: { limit: LONGEST_PAGE, ...(cursor && { cursor }) } },
    signal,
  };
  switch (kind) {
    case 'tool':
      return body(await api.GET('/v1/gateways/{ref}/tools', options));
    case 'resource':
      return body(await api.GET('/v1/gateways/{ref}/resources', options));
    case 'resourceTemplate':
      return body(await api.GET('/v1/gateways/{ref}/resource-templates', options));
    case 'prompt':
      return body(await api.GET('/v1/gateways/{ref}/prompts', options));
  }
}
