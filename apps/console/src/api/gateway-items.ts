import { isObject, type ToolHint, toolHints } from '@lethe/mcp';
import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client.js';
import { isProblem } from './problem.js';
import type { components } from './schema.js';

type ItemView = components['schemas']['ItemView'];
/** What an item is: a tool, prompt, resource or resource template. */
export type ItemKind = ItemView['kind'];
/** The kinds of items, in the order in which people look for them. */
export const ITEM_KINDS = ['tool', 'prompt', 'resource', 'resourceTemplate'] as const satisfies ItemKind[];

/** An item of a gateway, without its schemas. */
export interface GatewayItem {
  kind: ItemKind;
  /** The upstream's own name, URI or URI template. */
  name: string;
  title: string;
  description: string;
  /** Those that its gateway gives it. */
  tags: readonly string[];
  /** What a tool says about itself, in each era in which clients get it; of nothing else. */
  hints: readonly Record<ToolHint, boolean>[];
  /** The upstream no longer lists it. */
  stale: boolean;
}

const PAGE = 1_000;
const PATHS = {
  tool: '/v1/gateways/{ref}/tools',
  prompt: '/v1/gateways/{ref}/prompts',
  resource: '/v1/gateways/{ref}/resources',
  resourceTemplate: '/v1/gateways/{ref}/resource-templates',
} as const satisfies Record<ItemKind, string>;

/** What a virtual server can take from one gateway. */
export interface Catalogue {
  slug: string;
  name: string;
  tags: readonly string[];
  /** Whether what its tools say about themselves counts. */
  trustHints: boolean;
  isVerified: boolean;
  /** Headers that callers send for it. */
  headers: readonly string[];
  items: readonly GatewayItem[];
}

/** All items that a gateway's last applied verification found; null for a gateway that does not exist (any more). */
export function catalogueOf(ref: string) {
  return queryOptions({
    queryKey: ['items', 'catalogue', ref],
    queryFn: async ({ signal }): Promise<Catalogue | null> => {
      try {
        const [gateway, ...items] = await Promise.all([
          api.GET('/v1/gateways/{ref}', { params: { path: { ref } }, signal }),
          ...ITEM_KINDS.map((kind) => read(ref, kind, signal)),
        ]);
        return toCatalogue(body(gateway), items.flat());
      } catch (error) {
        // Virtual servers also name gateways that were deleted.
        if (isProblem(error, 'not_found')) return null;
        throw error;
      }
    },
  });
}

/** Slugs of the gateways that carry a tag. A virtual server takes 64 of them at most. */
export function gatewaysWithTag(tag: string) {
  return queryOptions({
    queryKey: ['gateways', 'with-tag', tag],
    queryFn: async ({ signal }) => {
      const { items } = body(await api.GET('/v1/gateways', { params: { query: { tag, limit: 100 } }, signal }));
      return items.map(({ slug }) => slug);
    },
  });
}

function toCatalogue(gateway: components['schemas']['GatewayView'], items: GatewayItem[]): Catalogue {
  const { slug, name, tags, trustHints, state, passthroughHeaders } = gateway;
  const headers = passthroughHeaders.map(({ header }) => header);
  return { slug, name, tags, trustHints, isVerified: state === 'verified', headers, items };
}

async function read(ref: string, kind: ItemKind, signal: AbortSignal): Promise<GatewayItem[]> {
  const items: GatewayItem[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { limit: PAGE, ...(cursor && { cursor }) };
    const page = body(await api.GET(PATHS[kind], { params: { path: { ref }, query }, signal }));
    items.push(...page.items.map(toGatewayItem));
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

function toGatewayItem({ kind, name, definition, legacyDefinition, tags = [], stale }: ItemView): GatewayItem {
  const title = textOf(definition, 'title') || (kind.startsWith('resource') ? textOf(definition, 'name') : '');
  const description = textOf(definition, 'description');
  const hints = kind === 'tool' ? [definition, legacyDefinition ?? definition].map(hintsOf) : [];
  return { kind, name, title, description, tags, hints, stale };
}

function textOf(definition: Record<string, unknown>, member: string): string {
  const value = definition[member];
  return typeof value === 'string' ? value : '';
}

/** Of a definition, only the annotations are looked at. */
function hintsOf({ annotations }: Record<string, unknown>): Record<ToolHint, boolean> {
  const said = isObject(annotations) ? annotations : {};
  return toolHints({ annotations: said });
}
