import type { EntityManager } from '@mikro-orm/postgresql';
import { ExposedName } from './exposed-name.entity.js';
import type { AssignedName } from './name-items.js';

/** Reads every name that was ever assigned in a server. */
export async function assignedNames(em: EntityManager, serverId: string): Promise<AssignedName[]> {
  const rows = await em.find(ExposedName, { serverId });
  return rows.map(({ kind, exposed, gatewayId, own, chosen, current }) => ({
    kind,
    exposed,
    gatewayId,
    own,
    chosen,
    current,
  }));
}

/** Stores new names and updates which ones are current. Names are never deleted. */
export async function saveAssignedNames(
  em: EntityManager,
  serverId: string,
  before: AssignedName[],
  after: AssignedName[],
): Promise<void> {
  const key = ({ kind, exposed }: AssignedName) => `${kind} ${exposed}`;
  const known = new Map(before.map((name) => [key(name), name]));
  const added = after.filter((name) => !known.has(key(name))).map((name) => ({ serverId, ...name }));
  if (added.length > 0) await em.insertMany(ExposedName, added);
  for (const current of [true, false]) {
    const changed = after.filter((name) => name.current === current && known.get(key(name))?.current === !current);
    for (const { kind, exposed } of changed) {
      await em.nativeUpdate(ExposedName, { serverId, kind, exposed }, { current });
    }
  }
}
