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

/**
 * The keys that were made from each other by rotation and have not been revoked, this one first. The way from one to another may
 * lead over revoked ones.
 * @param requireGenuine refuses a row that somebody else has changed: its links could lead to any key
 */
export async function rotatedWith(
  em: EntityManager,
  key: CallerKey,
  requireGenuine: (key: CallerKey) => void,
): Promise<CallerKey[]> {
  const found = new Map([[key.id, key]]);
  for (const one of found.values()) {
    // The first one was checked before it was changed.
    if (one !== key) requireGenuine(one);
    for (const id of [one.replaces, one.replacedBy]) {
      const other = id && !found.has(id) ? await em.findOne(CallerKey, { id }) : null;
      if (other) found.set(other.id, other);
    }
  }
  return [...found.values()].filter(({ revokedAt }) => !revokedAt);
}

/** The key that has taken the place of this one, also over revoked ones in between. */
export async function successorOf(em: EntityManager, { id, replacedBy }: CallerKey): Promise<CallerKey | undefined> {
  const seen = new Set([id]);
  let next = replacedBy;
  while (next && !seen.has(next)) {
    seen.add(next);
    const key: CallerKey | null = await em.findOne(CallerKey, { id: next });
    if (key && !key.revokedAt) return key;
    next = key?.replacedBy;
  }
  return undefined;
}
