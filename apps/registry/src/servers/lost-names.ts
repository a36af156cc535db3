import { itemKey } from '@lethe/contracts';
import type { Composition } from './composition.js';
import type { AssignedName } from './name-items.js';
import { type GatewayCatalogue, pickItems } from './pick-items.js';

/**
 * Marks names whose items are gone: the server would serve them, but their upstreams no longer list them. A name stays lost
 * since the first time. A gateway that is left out as a whole loses nothing here: it is reported as left out.
 * @param before the names with those that were served until now
 */
export function withLosses(
  names: readonly AssignedName[],
  before: readonly AssignedName[],
  server: Composition,
  choices: readonly GatewayCatalogue[],
  now: Date,
): AssignedName[] {
  const listed = new Map(choices.map(({ gatewayId, items }) => [gatewayId, new Set(items.map(itemKey))]));
  const isGone = ({ gatewayId, kind, own, current }: AssignedName): boolean =>
    !current && listed.get(gatewayId)?.has(itemKey({ kind, own })) === false;
  const gone = names.filter(isGone);
  // What a missing tool said about itself is not known any more: rules that ask for it included it if it was served.
  const served = new Set(before.filter(({ current, lostAt }) => current || lostAt).map(keyOf));
  const plain = { ...server, include: server.include.filter(({ annotations }) => annotations === undefined) };
  const any = { ...server, include: server.include.map(({ annotations: _annotations, ...rule }) => rule) };
  const wanted = wantedOf(plain, gone, choices);
  const wantedBefore = wantedOf(
    any,
    gone.filter((name) => served.has(keyOf(name))),
    choices,
  );
  return names.map((name) => {
    const isLost = isGone(name) && (wanted.has(keyOf(name)) || wantedBefore.has(keyOf(name)));
    return { ...name, lostAt: isLost ? (name.lostAt ?? now) : null };
  });
}

/** Those of the names that the server would serve, if their gateways had them. */
function wantedOf(
  server: Composition,
  names: readonly AssignedName[],
  choices: readonly GatewayCatalogue[],
): Set<string> {
  const byGateway = Map.groupBy(names, ({ gatewayId }) => gatewayId);
  const catalogues = [...byGateway].map(([gatewayId, each]) => ({
    ...choices.find((choice) => choice.gatewayId === gatewayId),
    gatewayId,
    items: each.map(({ kind, own }) => ({ kind, own, definition: {} })),
  }));
  return new Set(pickItems(server, catalogues).picked.map(keyOf));
}

function keyOf({ gatewayId, ...item }: Pick<AssignedName, 'gatewayId' | 'kind' | 'own'>): string {
  return `${gatewayId} ${itemKey(item)}`;
}
