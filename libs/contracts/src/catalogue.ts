/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [member: string]: JsonValue };
/** A JSON object kept verbatim: unknown members are never dropped. */
export type JsonObject = { [member: string]: JsonValue };

/** The kinds of items in a catalogue, in the order in which lists are fetched and served. */
export const ITEM_KINDS = ['tool', 'resource', 'resourceTemplate', 'prompt'] as const;
/** Kind of an item. */
export type ItemKind = (typeof ITEM_KINDS)[number];

/** Creates one value for each kind of item. */
export function forEachKind<T>(of: (kind: ItemKind) => T): Record<ItemKind, T> {
  return { tool: of('tool'), resource: of('resource'), resourceTemplate: of('resourceTemplate'), prompt: of('prompt') };
}

/**
 * One catalogue item as the upstream sent it. `own` is the upstream's own name of it: the name of a tool or prompt, the URI
 * of a resource, the URI template of a resource template.
 */
export interface CatalogueItem {
  kind: ItemKind;
  own: string;
  definition: JsonObject;
}

/** An item that a handshake skipped, by its position, and the rule that it breaks. Contains nothing of the item. */
export interface SkippedItem {
  kind: ItemKind;
  index: number;
  reason: 'malformed' | 'name_illegal' | 'duplicate' | 'too_deep' | 'too_large' | 'too_many';
}

/** Number of items of each kind, and of skipped ones. */
export interface CatalogueCounts {
  tools: number;
  resources: number;
  resourceTemplates: number;
  prompts: number;
  skipped: number;
}

/** Legacy: protocol 2025-11-25 and older (initialize, sessions). Modern: 2026-07-28 (stateless). */
export type Era = 'legacy' | 'modern';

/** Transport of an upstream; `auto` detects it. */
export type Transport = 'auto' | 'streamable-http' | 'sse';

/** Facts about an upstream that a handshake found, besides its lists. Stored and served unchanged. */
export interface UpstreamFacts {
  era: Era;
  protocolVersion: string;
  transport: Exclude<Transport, 'auto'>;
  /** Whether the upstream sent an `Mcp-Session-Id`. */
  sessionful: boolean;
  /** Length of that session id. */
  sessionIdBytes?: number;
  /** Whether the upstream's lists may be shown to other callers (`cacheScope`); `unknown` in the legacy era. */
  listScope: 'public' | 'private' | 'unknown';
  serverInfo: JsonObject;
  capabilities: JsonObject;
  instructions?: string;
}

/** Limits of one gateway's catalogue. Items are stored as the upstream sent them, so only their size is limited. */
export const CATALOGUE_LIMITS = {
  maxItems: 1_000,
  maxBytes: 2 * 1024 * 1024,
  maxDepth: 32,
  /** One item and its envelope must fit into one bus message. */
  maxItemBytes: 192 * 1024,
} as const;
