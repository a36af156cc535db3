/** Any JSON value, as it travels on the wire. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [member: string]: JsonValue };
/** A JSON object kept verbatim: unknown members are never dropped. */
export type JsonObject = { [member: string]: JsonValue };

/** What a catalogue holds, in the order lists are fetched and served. */
export const ITEM_KINDS = ['tool', 'resource', 'resourceTemplate', 'prompt'] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** One value for each kind of item. */
export function forEachKind<T>(of: (kind: ItemKind) => T): Record<ItemKind, T> {
  return { tool: of('tool'), resource: of('resource'), resourceTemplate: of('resourceTemplate'), prompt: of('prompt') };
}

/**
 * One catalogue item as the upstream sent it. `own` is what the upstream calls it:
 * a tool's or prompt's name, a resource's URI, a template's URI template.
 */
export interface CatalogueItem {
  kind: ItemKind;
  own: string;
  definition: JsonObject;
}

/** An item that a handshake left out, and the rule that it broke. Names its position and quotes nothing of it. */
export interface SkippedItem {
  kind: ItemKind;
  index: number;
  reason: 'malformed' | 'name_illegal' | 'duplicate' | 'too_deep' | 'too_large' | 'too_many';
}

export interface CatalogueCounts {
  tools: number;
  resources: number;
  resourceTemplates: number;
  prompts: number;
  skipped: number;
}

/** Legacy: protocol 2025-11-25 and older (initialize, sessions). Modern: 2026-07-28 (stateless). */
export type Era = 'legacy' | 'modern';

/** `auto` probes; the others are what a probe can find. */
export type Transport = 'auto' | 'streamable-http' | 'sse';

/** What a handshake learned about an upstream besides its lists. Stored verbatim and served unchanged. */
export interface UpstreamFacts {
  era: Era;
  protocolVersion: string;
  transport: Exclude<Transport, 'auto'>;
  /** The upstream issued an `Mcp-Session-Id`. */
  sessionful: boolean;
  /** Length of the session id that it gave. */
  sessionIdBytes?: number;
  /** Whether the upstream's lists may be shown to other callers (`cacheScope`); `unknown` in the legacy era. */
  listScope: 'public' | 'private' | 'unknown';
  serverInfo: JsonObject;
  capabilities: JsonObject;
  instructions?: string;
}

/** Bounds of one gateway's catalogue. Items are stored as the upstream sent them, so only their size is limited. */
export const CATALOGUE_LIMITS = {
  maxItems: 1_000,
  maxBytes: 2 * 1024 * 1024,
  maxDepth: 32,
  /** One item and its envelope must fit into one bus message. */
  maxItemBytes: 192 * 1024,
} as const;
