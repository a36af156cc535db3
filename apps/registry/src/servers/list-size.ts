import { type CatalogueItem, itemKey, type ItemKind, type JsonObject } from '@lethe/contracts';
import type { NamedItem } from './name-items.js';
import type { GatewayCatalogue } from './pick-items.js';

/**
 * UTF-8 bytes of JSON that make a token, about: `docs/operations/virtual-servers.md` says how far tokenizers are from it.
 */
const BYTES_PER_TOKEN = 4;

/** What clients commonly give a model of a definition, besides the name. */
const SHOWN: Readonly<Record<ItemKind, readonly string[]>> = {
  tool: ['description', 'inputSchema'],
  prompt: ['description', 'arguments'],
  resource: ['name', 'description'],
  resourceTemplate: ['name', 'description'],
};
const NAME: Readonly<Record<ItemKind, string>> = {
  tool: 'name',
  prompt: 'name',
  resource: 'uri',
  resourceTemplate: 'uriTemplate',
};

/** What a virtual server says instead of the upstream. */
interface Shown {
  exposed: string;
  description?: string | undefined;
}

/** Bytes of an item as JSON with what a model sees of it; in the era in which it is longer, if its eras differ. */
export function shownBytes(item: CatalogueItem, shown: Shown): number {
  const { definition, legacyDefinition } = item;
  return Math.max(...[definition, legacyDefinition ?? definition].map((each) => bytesOf(item.kind, each, shown)));
}

/** Bytes of all tools that a virtual server exposes, as a model sees them. */
export function toolBytes(named: readonly NamedItem[], choices: readonly GatewayCatalogue[]): number {
  const known = new Map(
    choices.flatMap(({ gatewayId, items }) => items.map((item) => [`${gatewayId} ${itemKey(item)}`, item] as const)),
  );
  return named.reduce((sum, { gatewayId, kind, own, ...shown }) => {
    const item = kind === 'tool' ? known.get(`${gatewayId} ${itemKey({ kind, own })}`) : undefined;
    return sum + (item ? shownBytes(item, shown) : 0);
  }, 0);
}

/** How many tokens of a model so many bytes of JSON are, about. */
export function estimatedTokens(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

function bytesOf(kind: ItemKind, definition: JsonObject, { exposed, description }: Shown): number {
  const members = SHOWN[kind].flatMap((name) => (name in definition ? [[name, definition[name]] as const] : []));
  const seen = {
    [NAME[kind]]: exposed,
    ...Object.fromEntries(members),
    ...(description !== undefined && { description }),
  };
  return Buffer.byteLength(JSON.stringify(seen));
}
