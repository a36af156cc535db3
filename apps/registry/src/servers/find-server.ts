import { LetheError } from '@lethe/platform';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { isId, REFERENCE } from '../rows/reference.js';
import { VirtualServer } from './server.entity.js';

/** Finds a server by id or slug. @throws LetheError `not_found` */
export async function findServer(em: EntityManager, ref: string, isLocked = false): Promise<VirtualServer> {
  if (!REFERENCE.test(ref)) throw new LetheError('not_found');
  const by = isId(ref) ? { id: ref.toLowerCase() } : { liveSlug: ref };
  const lock = isLocked ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {};
  const server = await em.findOne(VirtualServer, { ...by, deletedAt: null }, lock);
  if (server === null) throw new LetheError('not_found');
  return server;
}
