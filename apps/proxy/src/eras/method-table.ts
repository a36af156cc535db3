import type { ItemKind } from '@lethe/contracts';

/** How a method is carried out. `relay`: by the gateway that owns the named item. The others are answered here. */
export type MethodRule =
  | { readonly by: 'relay'; readonly kind: Exclude<ItemKind, 'resourceTemplate'>; readonly param: 'name' | 'uri' }
  | { readonly by: 'list'; readonly kind: ItemKind; readonly member: string }
  | { readonly by: 'initialize' | 'discover' | 'ping' | 'cancel' | 'accept' };

export type MethodTable = ReadonlyMap<string, MethodRule>;

const SHARED: [string, MethodRule][] = [
  ['tools/call', { by: 'relay', kind: 'tool', param: 'name' }],
  ['resources/read', { by: 'relay', kind: 'resource', param: 'uri' }],
  ['prompts/get', { by: 'relay', kind: 'prompt', param: 'name' }],
  ['tools/list', { by: 'list', kind: 'tool', member: 'tools' }],
  ['resources/list', { by: 'list', kind: 'resource', member: 'resources' }],
  ['resources/templates/list', { by: 'list', kind: 'resourceTemplate', member: 'resourceTemplates' }],
  ['prompts/list', { by: 'list', kind: 'prompt', member: 'prompts' }],
];

export const LEGACY_METHODS: MethodTable = new Map([
  ...SHARED,
  ['initialize', { by: 'initialize' }],
  ['ping', { by: 'ping' }],
  ['notifications/initialized', { by: 'accept' }],
  ['notifications/cancelled', { by: 'cancel' }],
]);

/** In the modern era a disconnect cancels; the notification is accepted and means nothing over HTTP. */
export const MODERN_METHODS: MethodTable = new Map([
  ...SHARED,
  ['server/discover', { by: 'discover' }],
  ['notifications/cancelled', { by: 'accept' }],
]);
