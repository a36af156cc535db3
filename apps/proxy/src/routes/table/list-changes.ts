import type { ItemKind } from '@lethe/contracts';
import type { VirtualServer } from './virtual-server.js';

/** Lists as clients know them, with the kinds in each. */
const LISTS = {
  tools: ['tool'],
  resources: ['resource', 'resourceTemplate'],
  prompts: ['prompt'],
} as const satisfies Record<string, readonly ItemKind[]>;

/** A list as its `list_changed` notification calls it. */
export type ListName = keyof typeof LISTS;
export const LIST_NAMES = ['tools', 'resources', 'prompts'] as const satisfies readonly ListName[];

/** Answers by the two states compared: every stream of a virtual server asks for the same two. */
const compared = new WeakMap<VirtualServer, WeakMap<VirtualServer, readonly ListName[]>>();

/** Lists that read differently in the later state. */
export function changedLists(before: VirtualServer, now: VirtualServer): readonly ListName[] {
  if (before === now) return [];
  const known = compared.get(now) ?? new WeakMap<VirtualServer, readonly ListName[]>();
  compared.set(now, known);
  const changed = known.get(before) ?? LIST_NAMES.filter((name) => listJson(before, name) !== listJson(now, name));
  known.set(before, changed);
  return changed;
}

/** Whether the same gateways are behind it, configured as they were: else what is open for them has to be opened anew. */
export function hasSameGateways(before: VirtualServer, now: VirtualServer): boolean {
  return before === now || gatewayLines(before) === gatewayLines(now);
}

function gatewayLines({ gateways }: VirtualServer): string {
  return JSON.stringify(gateways.map(({ id, configRevision, closed }) => [id, configRevision, closed ?? null]));
}

/** Lists that are not empty. */
export function listsOf(server: VirtualServer): readonly ListName[] {
  return LIST_NAMES.filter((name) => LISTS[name].some((kind) => !server.items[kind].isEmpty));
}

function listJson({ items }: VirtualServer, name: ListName): string {
  const definitions = LISTS[name].map((kind) => [...items[kind].values()].map(({ definition }) => definition));
  return JSON.stringify(definitions);
}
