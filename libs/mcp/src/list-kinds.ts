import type { ItemKind, JsonObject } from '@lethe/contracts';

/** How one kind of item is listed: the capability that declares it, the method, and the members of result and item. */
export interface ListKind {
  kind: ItemKind;
  capability: string;
  method: string;
  /** The member of the result that holds the items. */
  member: string;
  /** The member of an item with its own name. */
  own: string;
}

/** The list of each kind of item (MCP, server features). */
export const LIST_OF: Readonly<Record<ItemKind, ListKind>> = {
  tool: { kind: 'tool', capability: 'tools', method: 'tools/list', member: 'tools', own: 'name' },
  resource: { kind: 'resource', capability: 'resources', method: 'resources/list', member: 'resources', own: 'uri' },
  resourceTemplate: {
    kind: 'resourceTemplate',
    capability: 'resources',
    method: 'resources/templates/list',
    member: 'resourceTemplates',
    own: 'uriTemplate',
  },
  prompt: { kind: 'prompt', capability: 'prompts', method: 'prompts/list', member: 'prompts', own: 'name' },
};

/** All lists. */
export const LIST_KINDS: readonly ListKind[] = Object.values(LIST_OF);

/** The lists that an upstream's capabilities declare. Others are not fetched. */
export function announcedLists(capabilities: JsonObject): ListKind[] {
  return LIST_KINDS.filter(({ capability }) => typeof capabilities[capability] === 'object');
}
