import { lockPublishing } from '@lethe/persistence';
import { LetheError } from '@lethe/platform';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { CallerKey } from './caller-key.entity.js';

const ID = /^[0-9a-f]{16}$/;

/** The key with this id, unless it is revoked. @throws LetheError `not_found` */
export async function findKey(em: EntityManager, id: string, lockMode = LockMode.NONE): Promise<CallerKey> {
  const key = ID.test(id) ? await em.findOne(CallerKey, { id, revokedAt: null }, { lockMode }) : null;
  if (key === null) throw new LetheError('not_found');
  return key;
}

/** The same, for a change of it. @throws LetheError `not_found` */
export async function lockKey(em: EntityManager, id: string): Promise<CallerKey> {
  await lockPublishing(em);
  return findKey(em, id, LockMode.PESSIMISTIC_WRITE);
}

/** The keys that were made from each other by rotation and have not been revoked, this one first. */
export async function rotatedWith(em: EntityManager, key: CallerKey): Promise<CallerKey[]> {
  const found = new Map([[key.id, key]]);
  for (const { replaces, replacedBy } of found.values()) {
    for (const id of [replaces, replacedBy]) {
      const other = id && !found.has(id) ? await em.findOne(CallerKey, { id, revokedAt: null }) : null;
      if (other) found.set(other.id, other);
    }
  }
  return [...found.values()];
}
