import type { ItemKind } from '@lethe/contracts';
import type { Gateway } from './gateway.js';
import type { VirtualServer } from './virtual-server.js';

/** The lists that clients know, with the kinds of items in each. */
const LISTS = {
  tools: ['tool'],
  resources: ['resource', 'resourceTemplate'],
  prompts: ['prompt'],
} as const satisfies Record<string, readonly ItemKind[]>;

/** A list as its `list_changed` notification calls it. */
export type ListName = keyof typeof LISTS;
/** All lists. */
export const LIST_NAMES = ['tools', 'resources', 'prompts'] as const satisfies readonly ListName[];

/** Cached by the two revisions compared: every stream of a virtual server compares the same two. */
const compared = new WeakMap<VirtualServer, WeakMap<VirtualServer, readonly ListName[]>>();

/** Ids of the gateways with items in a list: an upstream may send any number of notifications about one. */
const ownersByList = new WeakMap<VirtualServer, Map<ListName, ReadonlySet<string>>>();

/** Lists whose content differs between two revisions. */
export function changedLists(before: VirtualServer, now: VirtualServer): readonly ListName[] {
  if (before === now) return [];
  const known = compared.get(now) ?? new WeakMap<VirtualServer, readonly ListName[]>();
  compared.set(now, known);
  const changed = known.get(before) ?? LIST_NAMES.filter((name) => listJson(before, name) !== listJson(now, name));
  known.set(before, changed);
  return changed;
}

/**
 * Whether two revisions have the same gateways in the same configuration, and the caller may use the same of them. If not,
 * open streams have to be opened again.
 */
export function hasSameGateways(before: VirtualServer, now: VirtualServer): boolean {
  if (before === now) return true;
  return gatewayLines(before) === gatewayLines(now) && hasSameGrants(before, now);
}

function gatewayLines({ gateways }: VirtualServer): string {
  return JSON.stringify(
    gateways.map(({ id, configRevision, closed, kept }) => [
      ...[id, configRevision, closed ?? null],
      // Streams were opened with the one credential or the other.
      ...[kept?.use ?? null, kept?.held !== undefined],
    ]),
  );
}

/** A stream remembers which resources it follows, and a client may no longer be allowed one of them. */
function hasSameGrants(before: VirtualServer, now: VirtualServer): boolean {
  if (!before.isRestricted && !now.isRestricted) return true;
  return grantLine(before) === grantLine(now) && !changedLists(before, now).includes('resources');
}

function grantLine({ viewKey, manifest }: VirtualServer): string {
  return JSON.stringify([viewKey, manifest.grants]);
}

/** Whether a gateway has anything in a list of a virtual server. */
export function hasInList(server: VirtualServer, gateway: Gateway, name: ListName): boolean {
  const owners = ownersByList.get(server) ?? new Map<ListName, ReadonlySet<string>>();
  ownersByList.set(server, owners);
  const known = owners.get(name) ?? new Set(LISTS[name].flatMap((kind) => gatewayIds(server, kind)));
  owners.set(name, known);
  return known.has(gateway.id);
}

function gatewayIds({ items }: VirtualServer, kind: ItemKind): string[] {
  return [...items[kind].values()].map(({ gateway }) => gateway.id);
}

/** The lists that are not empty. */
export function listsOf(server: VirtualServer): readonly ListName[] {
  return LIST_NAMES.filter((name) => LISTS[name].some((kind) => !server.items[kind].isEmpty));
}

function listJson({ items }: VirtualServer, name: ListName): string {
  const definitions = LISTS[name].map((kind) =>
    [...items[kind].values()]
      .filter(({ isOpen }) => isOpen)
      .map((item) => [
        // Most definitions are the same object in both eras.
        ...new Set([item.definitionFor('modern'), item.definitionFor('legacy')]),
        item.needs,
      ]),
  );
  return JSON.stringify(definitions);
}
