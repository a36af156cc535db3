import type { ItemKind, JsonObject } from '@lethe/contracts';

/** How one kind of item is listed: its capability, its method, and the members of the result. */
export interface ListKind {
  kind: ItemKind;
  capability: string;
  method: string;
  /** The member of the result that holds the items. */
  member: string;
  /** The member of an item that identifies it. */
  own: string;
}

/** The four lists of a server. */
export const LIST_KINDS: readonly ListKind[] = [
  { kind: 'tool', capability: 'tools', method: 'tools/list', member: 'tools', own: 'name' },
  { kind: 'resource', capability: 'resources', method: 'resources/list', member: 'resources', own: 'uri' },
  {
    kind: 'resourceTemplate',
    capability: 'resources',
    method: 'resources/templates/list',
    member: 'resourceTemplates',
    own: 'uriTemplate',
  },
  { kind: 'prompt', capability: 'prompts', method: 'prompts/list', member: 'prompts', own: 'name' },
];

/** The lists that the upstream's capabilities announce. Other lists are not requested. */
export function announcedLists(capabilities: JsonObject): ListKind[] {
  return LIST_KINDS.filter(({ capability }) => typeof capabilities[capability] === 'object');
}
