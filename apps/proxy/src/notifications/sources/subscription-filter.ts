import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';

/** Lists whose changes can be listened to: the flag that asks for them, and the notification that tells of one. */
export const LISTS = {
  tools: { flag: 'toolsListChanged', notification: 'notifications/tools/list_changed' },
  prompts: { flag: 'promptsListChanged', notification: 'notifications/prompts/list_changed' },
  resources: { flag: 'resourcesListChanged', notification: 'notifications/resources/list_changed' },
} as const;
export type ListName = keyof typeof LISTS;
export const LIST_NAMES: readonly ListName[] = ['tools', 'prompts', 'resources'];

export const RESOURCE_UPDATED = 'notifications/resources/updated';

/** What is listened to. */
export interface NewsFilter {
  readonly lists: readonly ListName[];
  readonly uris: readonly string[];
}

const MAX_URIS = 1_000;

/**
 * The filter of `subscriptions/listen` (MCP 2026-07-28, subscriptions).
 * @throws LetheError `params_invalid`
 */
export function readFilter(params: JsonObject): NewsFilter {
  const asked = params['notifications'];
  if (!isObject(asked)) throw new LetheError('params_invalid', { member: 'notifications' });
  const uris = asked['resourceSubscriptions'] ?? [];
  if (!areUris(uris)) throw new LetheError('params_invalid', { member: 'notifications.resourceSubscriptions' });
  return { lists: LIST_NAMES.filter((list) => asked[LISTS[list].flag] === true), uris: [...new Set(uris)] };
}

function areUris(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.length <= MAX_URIS && value.every((uri) => typeof uri === 'string');
}

/** The filter as `subscriptions/listen` and its acknowledgement write it. */
export function filterJson({ lists, uris }: NewsFilter): JsonObject {
  return {
    ...Object.fromEntries(lists.map((list) => [LISTS[list].flag, true])),
    ...(uris.length > 0 && { resourceSubscriptions: [...uris] }),
  };
}

export function isEmpty({ lists, uris }: NewsFilter): boolean {
  return lists.length === 0 && uris.length === 0;
}

/** Whether a notification is one of those that are listened to. */
export function isHeard({ lists, uris }: NewsFilter, method: string, params: JsonValue | undefined): boolean {
  if (lists.some((list) => LISTS[list].notification === method)) return true;
  const uri = isObject(params) ? params['uri'] : undefined;
  return method === RESOURCE_UPDATED && typeof uri === 'string' && uris.includes(uri);
}

/** What an upstream that declares these capabilities can tell of. */
export function tellable(capabilities: JsonObject, { lists, uris }: NewsFilter): NewsFilter {
  const has = (list: string, member: string): boolean => {
    const capability = capabilities[list];
    return isObject(capability) && capability[member] === true;
  };
  return {
    lists: lists.filter((list) => has(list, 'listChanged')),
    uris: has('resources', 'subscribe') ? uris : [],
  };
}
