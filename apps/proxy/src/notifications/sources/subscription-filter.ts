import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import { declares } from '../../protocol/capabilities.js';
import { LIST_NAMES, type ListName } from '../../routes/table/list-changes.js';

/** The flag that subscribes to changes of a list, and the notification of a change. */
export const LIST_CHANGES = {
  tools: { flag: 'toolsListChanged', notification: 'notifications/tools/list_changed' },
  prompts: { flag: 'promptsListChanged', notification: 'notifications/prompts/list_changed' },
  resources: { flag: 'resourcesListChanged', notification: 'notifications/resources/list_changed' },
} as const satisfies Record<ListName, object>;
/** The notification of a change of a subscribed resource. */
export const RESOURCE_UPDATED = 'notifications/resources/updated';

/** The notifications that a subscription selects. */
export interface SubscriptionFilter {
  readonly lists: readonly ListName[];
  readonly uris: readonly string[];
}

const MAX_URIS = 1_000;

/**
 * Reads the filter of `subscriptions/listen` (MCP 2026-07-28, subscriptions).
 * @throws LetheError `params_invalid`
 */
export function readFilter(params: JsonObject): SubscriptionFilter {
  const requested = params['notifications'];
  if (!isObject(requested)) throw new LetheError('params_invalid', { member: 'notifications' });
  const uris = requested['resourceSubscriptions'] ?? [];
  if (!areUris(uris)) throw new LetheError('params_invalid', { member: 'notifications.resourceSubscriptions' });
  return { lists: LIST_NAMES.filter((list) => requested[LIST_CHANGES[list].flag] === true), uris: [...new Set(uris)] };
}

function areUris(value: JsonValue): value is string[] {
  return Array.isArray(value) && value.length <= MAX_URIS && value.every((uri) => typeof uri === 'string');
}

/** The filter as JSON, as in `subscriptions/listen` and its acknowledgement. */
export function toFilterJson({ lists, uris }: SubscriptionFilter): JsonObject {
  return {
    ...Object.fromEntries(lists.map((list) => [LIST_CHANGES[list].flag, true])),
    ...(uris.length > 0 && { resourceSubscriptions: [...uris] }),
  };
}

/** Whether the filter selects nothing. */
export function isEmpty({ lists, uris }: SubscriptionFilter): boolean {
  return lists.length === 0 && uris.length === 0;
}

/** Whether the filter selects this notification. */
export function matches({ lists, uris }: SubscriptionFilter, method: string, params: JsonValue | undefined): boolean {
  if (lists.some((list) => LIST_CHANGES[list].notification === method)) return true;
  const uri = isObject(params) ? params['uri'] : undefined;
  return method === RESOURCE_UPDATED && typeof uri === 'string' && uris.includes(uri);
}

/** The part of a filter that an upstream with these capabilities supports. */
export function supportedFilter(capabilities: JsonObject, { lists, uris }: SubscriptionFilter): SubscriptionFilter {
  return {
    lists: lists.filter((list) => declares({ capabilities }, list, 'listChanged')),
    uris: declares({ capabilities }, 'resources', 'subscribe') ? uris : [],
  };
}
