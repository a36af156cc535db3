import type { ItemKind } from '@lethe/contracts';
import { exposeName } from '../servers/exposed-names.js';
import type { AssignedName } from '../servers/name-items.js';
import type { LeftOut } from '../servers/server.entity.js';

type Item = Pick<AssignedName, 'gatewayId' | 'kind' | 'own'>;

const hasUri = (kind: ItemKind): boolean => kind === 'resource' || kind === 'resourceTemplate';

/**
 * The assigned names that another registry would not give in the same way: those that are not in use and still belong to their
 * items, those that were made differently, and those that two items would like to have.
 */
export function lastingNames(
  names: readonly AssignedName[],
  server: { leftOut: readonly LeftOut[]; maxNameLength: number },
  slugOf: (gatewayId: string) => string,
): AssignedName[] {
  const firstChoice = ({ gatewayId, kind, own }: Item): string =>
    hasUri(kind) ? own : exposeName(own, slugOf(gatewayId), { maxLength: server.maxNameLength, isTaken: () => false });
  const wanted = new Map<string, Set<string>>();
  const want = (item: Item, name: string): void => {
    const key = `${item.kind} ${name}`;
    const who = wanted.get(key) ?? new Set();
    wanted.set(key, who.add(`${item.gatewayId} ${item.own}`));
  };
  for (const name of names) {
    want(name, name.exposed);
    want(name, firstChoice(name));
  }
  for (const { gateway: gatewayId, kind, own } of server.leftOut) {
    if (kind !== undefined && own !== undefined) want({ gatewayId, kind, own }, firstChoice({ gatewayId, kind, own }));
  }
  return names.filter((name) => {
    const { kind, exposed, chosen, current } = name;
    const isAsWanted = chosen || exposed === firstChoice(name);
    return !current || !isAsWanted || wanted.get(`${kind} ${exposed}`)?.size !== 1;
  });
}
