import { LetheError } from '@lethe/platform';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { isId } from '../rows/reference.js';
import { Verification } from './verification.entity.js';

/**
 * Finds a verification of a gateway.
 * @throws LetheError `not_found`
 */
export async function findVerification(
  em: EntityManager,
  gatewayId: string,
  vid: string,
  lockMode = LockMode.NONE,
): Promise<Verification> {
  const found = isId(vid) ? await em.findOne(Verification, { id: vid.toLowerCase(), gatewayId }, { lockMode }) : null;
  if (found === null) throw new LetheError('not_found');
  return found;
}

/** Locks and returns the row that an event refers to; undefined when there is none. */
export async function lockVerification(
  em: EntityManager,
  { vid, gatewayId }: { vid: string; gatewayId: string },
): Promise<Verification | undefined> {
  const by = { id: vid, gatewayId };
  return (await em.findOne(Verification, by, { lockMode: LockMode.PESSIMISTIC_WRITE })) ?? undefined;
}

/** Whether a verification has reached a final state. */
export function hasEnded({ state }: Pick<Verification, 'state'>): boolean {
  return state !== 'awaiting_credential' && state !== 'running';
}
