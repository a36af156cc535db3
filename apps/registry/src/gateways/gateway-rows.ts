import { LetheError } from '@lethe/platform';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { isId, REFERENCE } from '../rows/reference.js';
import { GatewayConfig } from './gateway-config.entity.js';
import { Gateway } from './gateway.entity.js';

/**
 * Query for a reference.
 * @throws LetheError `not_found` when it has the form of neither an id nor a slug
 */
function byRef(ref: string): { id: string } | { slug: string } {
  if (!REFERENCE.test(ref)) throw new LetheError('not_found');
  return isId(ref) ? { id: ref.toLowerCase() } : { slug: ref };
}

/**
 * Finds a gateway by id or slug.
 * @throws LetheError `not_found`
 */
export async function findGateway(em: EntityManager, ref: string): Promise<Gateway> {
  const gateway = await em.findOne(Gateway, { ...byRef(ref), deletedAt: null });
  if (gateway === null) throw new LetheError('not_found');
  return gateway;
}

/**
 * Like `findGateway`, and locks the row until the transaction ends.
 * @throws LetheError `not_found`
 */
export async function lockGateway(em: EntityManager, ref: string): Promise<Gateway> {
  const gateway = await em.findOne(
    Gateway,
    { ...byRef(ref), deletedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (gateway === null) throw new LetheError('not_found');
  return gateway;
}

/**
 * One configuration of a gateway.
 * @throws LetheError `row_tampered` when the row is missing
 */
export async function configOf(em: EntityManager, gateway: Gateway, revision: number): Promise<GatewayConfig> {
  const config = await em.findOne(GatewayConfig, { gatewayId: gateway.id, revision });
  if (config === null) throw new LetheError('row_tampered', { table: 'gateway_config' });
  return config;
}

/**
 * The revision that the next verification is for: the pending one, or the serving one.
 * @throws LetheError `row_tampered` when the gateway has neither
 */
export function wantedRevision(gateway: Gateway): number {
  const revision = gateway.pendingRevision ?? gateway.currentRevision;
  if (revision === null || revision === undefined) throw new LetheError('row_tampered', { table: 'gateway' });
  return revision;
}

/** Whether a verification of the gateway was ever applied. Meaningful only for a genuine row. */
export function wasVerified({ currentRevision, servingVid, lastAppliedAttempt }: Gateway): boolean {
  return typeof currentRevision === 'number' || typeof servingVid === 'string' || lastAppliedAttempt > 0;
}

/** Deletes a gateway for good. The records of its verifications stay. */
export async function deleteRows(em: EntityManager, gateway: Gateway): Promise<void> {
  for (const config of await em.find(GatewayConfig, { gatewayId: gateway.id })) em.remove(config);
  await em.remove(gateway).flush();
}
