import type { EntityManager } from '@mikro-orm/postgresql';
import { ExposedName } from './exposed-name.entity.js';
import type { AssignedName } from './name-items.js';

/** Reads every name that was ever assigned in a server. */
export async function assignedNames(em: EntityManager, serverId: string): Promise<AssignedName[]> {
  const rows = await em.find(ExposedName, { serverId });
  return rows.map(({ kind, exposed, gatewayId, own, chosen, current, lostAt }) => ({
    kind,
    exposed,
    gatewayId,
    own,
    chosen,
    current,
    lostAt: lostAt ?? null,
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
  const added = after.filter((name) => !known.has(key(name))).map((name) => ({ serverId, ...name, lostAt: null }));
  if (added.length > 0) await em.insertMany(ExposedName, added);
  const changed = after.filter((name) => {
    const was = known.get(key(name));
    return was !== undefined && !(was.current === name.current && isSameTime(was.lostAt, name.lostAt ?? null));
  });
  // Names that change in the same way, in one statement.
  const ways = Map.groupBy(changed, ({ kind, current, lostAt }) => `${kind} ${current} ${lostAt?.getTime()}`);
  for (const names of ways.values()) {
    const [first] = names;
    if (first === undefined) continue;
    const { kind, current, lostAt = null } = first;
    const exposed = { $in: names.map((name) => name.exposed) };
    await em.nativeUpdate(ExposedName, { serverId, kind, exposed }, { current, lostAt });
  }
}

function isSameTime(a: Date | null | undefined, b: Date | null): boolean {
  return a?.getTime() === b?.getTime();
}
