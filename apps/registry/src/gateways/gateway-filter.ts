import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { findGateway } from './gateway-rows.js';

/**
 * The id of the gateway that a list is filtered by; undefined without such a filter.
 * @throws LetheError `invalid_request` if there is no such gateway
 */
export async function filteredGateway(em: EntityManager, ref: string | undefined): Promise<string | undefined> {
  if (ref === undefined) return undefined;
  try {
    return (await findGateway(em, ref)).id;
  } catch (error) {
    if (!(error instanceof LetheError) || error.code !== 'not_found') throw error;
    throw new LetheError('invalid_request', { errors: [{ field: 'gateway', rule: 'gateway_unknown' }] });
  }
}
