import { itemKey } from '@lethe/contracts';
import type { AssignedName } from './name-items.js';
import { type GatewayCatalogue, pickItems } from './pick-items.js';
import type { IncludeRule, ItemPick } from './server.entity.js';

/**
 * Marks names whose items are gone: the server would serve them, but their upstreams no longer list them. A name stays lost
 * since the first time. A gateway that is left out as a whole loses nothing here: it is reported as left out.
 */
export function withLosses(
  names: readonly AssignedName[],
  server: { items: ItemPick[]; include: IncludeRule[] },
  choices: readonly GatewayCatalogue[],
  now: Date,
): AssignedName[] {
  const listed = new Map(choices.map(({ gatewayId, items }) => [gatewayId, new Set(items.map(itemKey))]));
  const isGone = ({ gatewayId, kind, own, current }: AssignedName): boolean =>
    !current && listed.get(gatewayId)?.has(itemKey({ kind, own })) === false;
  const gone = names.filter(isGone);
  const wanted = new Set(
    pickItems(server, catalogues(gone)).picked.map(({ gatewayId, ...item }) => keyOf(gatewayId, item)),
  );
  return names.map((name) => {
    const isLost = isGone(name) && wanted.has(keyOf(name.gatewayId, name));
    return { ...name, lostAt: isLost ? (name.lostAt ?? now) : null };
  });
}

/** The items of names, as if their gateways had them. */
function catalogues(names: readonly AssignedName[]): GatewayCatalogue[] {
  const byGateway = Map.groupBy(names, ({ gatewayId }) => gatewayId);
  return [...byGateway].map(([gatewayId, each]) => ({
    gatewayId,
    items: each.map(({ kind, own }) => ({ kind, own, definition: {} })),
  }));
}

function keyOf(gatewayId: string, item: Pick<AssignedName, 'kind' | 'own'>): string {
  return `${gatewayId} ${itemKey(item)}`;
}
