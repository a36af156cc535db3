import { CONDITIONAL_CAPABILITIES, type ConditionalCapability, type JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import type { ExposedItem, ItemList } from '../routes/table/item-list.js';

/** The client capabilities that decide which items of one list a client sees. */
export type ListVariant = ReadonlySet<ConditionalCapability>;

/** The variant of a list that is the same for every client. */
export const SAME_FOR_ALL: ListVariant = new Set();

/** Of the capabilities on which a list depends, those that the client declares. */
export function variantFor({ conditionalOn }: ItemList, declared: () => JsonObject): ListVariant {
  if (conditionalOn.size === 0) return SAME_FOR_ALL;
  const capabilities = declared();
  return new Set(CONDITIONAL_CAPABILITIES.filter((name) => conditionalOn.has(name) && has(capabilities, name)));
}

/** Whether the upstream lists an item to clients that declare what the variant has. */
export function isShownIn(variant: ListVariant, { needs }: ExposedItem): boolean {
  return needs === undefined || needs.every((name) => variant.has(name));
}

/** https://modelcontextprotocol.io/specification/2025-11-25/client/elicitation#capabilities */
function has(capabilities: JsonObject, name: ConditionalCapability): boolean {
  if (name !== 'elicitation.url') return isObject(capabilities[name]);
  const { elicitation } = capabilities;
  return isObject(elicitation) && isObject(elicitation['url']);
}
