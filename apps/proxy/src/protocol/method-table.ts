import type { ItemKind } from '@lethe/contracts';
import { LIST_KINDS } from '@lethe/mcp';

/**
 * How a method is handled. `relay` forwards it to the gateway of the named item, and `complete` to the gateway of the
 * referenced item. `broadcast` and `log-level` forward it to all gateways of the session, and `progress` to the gateway
 * that sent the request. `cancel` cancels the call where it runs. Lethe itself answers all others, `ping` after it has
 * asked all gateways of the session.
 */
export type MethodRule =
  | {
      readonly by: 'relay';
      readonly kind: Exclude<ItemKind, 'resourceTemplate'>;
      readonly param: 'name' | 'uri';
      /** The method works only in a session with the gateway. */
      readonly needsSession?: true;
    }
  | { readonly by: 'list'; readonly kind: ItemKind; readonly member: string }
  | { readonly by: 'complete' }
  | {
      readonly by:
        'initialize' | 'discover' | 'listen' | 'ping' | 'broadcast' | 'cancel' | 'log-level' | 'progress' | 'accept';
    };

/** Method -> how it is handled. A method that is missing does not exist in the era. */
export type MethodTable = ReadonlyMap<string, MethodRule>;

/** Creates the rules for each era: a rule object belongs to one era, so that the call log can distinguish the eras. */
const shared = (): [string, MethodRule][] => [
  ['tools/call', { by: 'relay', kind: 'tool', param: 'name' }],
  ['resources/read', { by: 'relay', kind: 'resource', param: 'uri' }],
  ['prompts/get', { by: 'relay', kind: 'prompt', param: 'name' }],
  ['completion/complete', { by: 'complete' }],
  ...LIST_KINDS.map(({ method, kind, member }): [string, MethodRule] => [method, { by: 'list', kind, member }]),
];

/** Methods and notifications that legacy clients may send. */
export const LEGACY_METHODS: MethodTable = new Map([
  ...shared(),
  ['initialize', { by: 'initialize' }],
  ['ping', { by: 'ping' }],
  ['logging/setLevel', { by: 'log-level' }],
  ['resources/subscribe', { by: 'relay', kind: 'resource', param: 'uri', needsSession: true }],
  ['resources/unsubscribe', { by: 'relay', kind: 'resource', param: 'uri', needsSession: true }],
  ['notifications/initialized', { by: 'accept' }],
  ['notifications/cancelled', { by: 'cancel' }],
  ['notifications/roots/list_changed', { by: 'broadcast' }],
  ['notifications/progress', { by: 'progress' }],
]);

/** Methods and notifications that modern clients may send. A disconnect cancels, so `notifications/cancelled` has no effect. */
export const MODERN_METHODS: MethodTable = new Map([
  ...shared(),
  ['server/discover', { by: 'discover' }],
  ['subscriptions/listen', { by: 'listen' }],
  ['notifications/cancelled', { by: 'accept' }],
]);
