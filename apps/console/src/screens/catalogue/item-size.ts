import type { Item } from '../../api/items.js';

/** What clients commonly give a model of a definition, as the registry counts it (`GET /v1/servers/{ref}/size`). */
const SHOWN: Readonly<Record<Item['kind'], readonly string[]>> = {
  tool: ['name', 'description', 'inputSchema'],
  prompt: ['name', 'description', 'arguments'],
  resource: ['uri', 'name', 'description'],
  resourceTemplate: ['uriTemplate', 'name', 'description'],
};
/** UTF-8 bytes of JSON that make a token, about. */
const BYTES_PER_TOKEN = 4;

/** How many tokens a model reads for an item, about: in the era in which it is longer, if its eras differ. */
export function estimatedTokens({ kind, definition, legacyDefinition }: Item): number {
  const bytes = [definition, legacyDefinition ?? definition].map((each) => {
    const shown = SHOWN[kind].flatMap((name) => (Object.hasOwn(each, name) ? [[name, each[name]] as const] : []));
    return new TextEncoder().encode(JSON.stringify(Object.fromEntries(shown))).length;
  });
  return Math.ceil(Math.max(...bytes) / BYTES_PER_TOKEN);
}
