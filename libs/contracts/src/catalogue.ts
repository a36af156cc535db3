import type { OAuthFacts } from './oauth.js';

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
  /** As the upstream sent it; in the modern era, if it is in the lists of both eras. */
  definition: JsonObject;
  /** As the upstream sent it in the legacy era, if it sent something else there. */
  legacyDefinition?: JsonObject;
  /** The only era in whose lists the item is, of an upstream that was verified in both. */
  onlyIn?: Era;
  /** Client capabilities without which the upstream does not list the item; absent if it needs none. */
  needs?: ConditionalCapability[];
}

/** Identifies an item in its catalogue. */
export function itemKey({ kind, own }: Pick<CatalogueItem, 'kind' | 'own'>): string {
  return `${kind} ${own}`;
}

/** Client capabilities on which the lists of an upstream may depend. `elicitation.url` is the elicitation by URL. */
export const CONDITIONAL_CAPABILITIES = ['roots', 'sampling', 'elicitation', 'elicitation.url'] as const;
/** One of `CONDITIONAL_CAPABILITIES`. */
export type ConditionalCapability = (typeof CONDITIONAL_CAPABILITIES)[number];

/** An item that a handshake skipped, by its position, and the rule that it breaks. Contains nothing of the item. */
export interface SkippedItem {
  kind: ItemKind;
  index: number;
  /** Set if it is not a list of the main era. */
  era?: Era;
  reason: 'malformed' | 'name_illegal' | 'duplicate' | 'too_deep' | 'too_large' | 'too_many';
}

/** Number of items of each kind. */
export interface ItemCounts {
  tools: number;
  resources: number;
  resourceTemplates: number;
  prompts: number;
}

/** Number of items of each kind, and of skipped ones. */
export interface CatalogueCounts extends ItemCounts {
  skipped: number;
  /** How many of the items only clients with certain capabilities see; absent if there are none. */
  conditional?: number;
  /** The items that are in the lists of each era, of an upstream that was verified in both. */
  byEra?: Record<Era, ItemCounts>;
}

/** Legacy: protocol 2025-11-25 and older (initialize, sessions). Modern: 2026-07-28 (stateless). */
export type Era = 'legacy' | 'modern';

/** Transport of an upstream; `auto` detects it. */
export type Transport = 'auto' | 'streamable-http' | 'sse';

/** What a handshake found in one era of an upstream, besides its lists. Stored and served unchanged. */
export interface EraFacts {
  era: Era;
  protocolVersion: string;
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

/** What a handshake found of an upstream: the facts of its main era, which is the modern one if it speaks both. */
export interface UpstreamFacts extends EraFacts {
  transport: Exclude<Transport, 'auto'>;
  /** Absent if the upstream names no authorization server. */
  oauth?: OAuthFacts;
  /** The facts of the other era; absent if the upstream speaks one era only. */
  otherEra?: EraFacts;
}

/** The facts of each era that an upstream speaks, the main one first. */
export function erasOf(facts: UpstreamFacts): EraFacts[] {
  return facts.otherEra ? [facts, facts.otherEra] : [facts];
}

/** Facts of which those of each era are converted. */
export type MappedFacts<T> = T & Pick<UpstreamFacts, 'transport' | 'oauth'> & { otherEra?: T };

/** Converts the facts of each era. */
export function mapEras<T>(
  { transport, oauth, otherEra, ...main }: UpstreamFacts,
  convert: (facts: EraFacts) => T,
): MappedFacts<T> {
  return { ...convert(main), transport, ...(oauth && { oauth }), ...(otherEra && { otherEra: convert(otherEra) }) };
}

/** The facts of one era; undefined if the upstream does not speak it. */
export function factsIn(facts: UpstreamFacts, era: Era): EraFacts | undefined {
  return erasOf(facts).find((each) => each.era === era);
}

/** Limits of one gateway's catalogue. Items are stored as the upstream sent them, so only their size is limited. */
export const CATALOGUE_LIMITS = {
  maxItems: 1_000,
  maxBytes: 2 * 1024 * 1024,
  maxDepth: 32,
  /** One item and its envelope must fit into one bus message. */
  maxItemBytes: 192 * 1024,
} as const;
