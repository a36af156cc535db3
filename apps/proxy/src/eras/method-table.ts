import type { ItemKind } from '@lethe/contracts';
import { LIST_KINDS } from '@lethe/mcp';

/**
 * How a method is carried out. `relay`: by the gateway that owns the named item; `complete`: by the one that owns what is
 * referred to; `broadcast`, `log-level`: by all in the session; `progress`: by the one that asked. The others are answered
 * here.
 */
export type MethodRule =
  | {
      readonly by: 'relay';
      readonly kind: Exclude<ItemKind, 'resourceTemplate'>;
      readonly param: 'name' | 'uri';
      /** Means something only within a session that lasts. */
      readonly lasts?: true;
    }
  | { readonly by: 'list'; readonly kind: ItemKind; readonly member: string }
  | { readonly by: 'complete' }
  | { readonly by: 'initialize' | 'discover' | 'listen' | 'ping' | 'broadcast' | 'log-level' | 'progress' | 'accept' };

export type MethodTable = ReadonlyMap<string, MethodRule>;

/** Each era's own: a rule is of one era. */
const shared = (): [string, MethodRule][] => [
  ['tools/call', { by: 'relay', kind: 'tool', param: 'name' }],
  ['resources/read', { by: 'relay', kind: 'resource', param: 'uri' }],
  ['prompts/get', { by: 'relay', kind: 'prompt', param: 'name' }],
  ['completion/complete', { by: 'complete' }],
  ...LIST_KINDS.map(({ method, kind, member }): [string, MethodRule] => [method, { by: 'list', kind, member }]),
];

export const LEGACY_METHODS: MethodTable = new Map([
  ...shared(),
  ['initialize', { by: 'initialize' }],
  ['ping', { by: 'ping' }],
  ['logging/setLevel', { by: 'log-level' }],
  ['resources/subscribe', { by: 'relay', kind: 'resource', param: 'uri', lasts: true }],
  ['resources/unsubscribe', { by: 'relay', kind: 'resource', param: 'uri', lasts: true }],
  ['notifications/initialized', { by: 'accept' }],
  ['notifications/cancelled', { by: 'broadcast' }],
  ['notifications/roots/list_changed', { by: 'broadcast' }],
  ['notifications/progress', { by: 'progress' }],
]);

/** In the modern era a disconnect cancels; the notification is accepted and means nothing over HTTP. */
export const MODERN_METHODS: MethodTable = new Map([
  ...shared(),
  ['server/discover', { by: 'discover' }],
  ['subscriptions/listen', { by: 'listen' }],
  ['notifications/cancelled', { by: 'accept' }],
]);
