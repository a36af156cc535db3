import type { VirtualServer } from '../servers/server.entity.js';
import type { FoundItem } from './find-item.js';
import type { ExplainReason } from './reasons.js';

/**
 * Why a caller with these roles may not use an item. The only place where explanations look at roles. Virtual servers have no
 * grants: whoever is admitted may use everything that is exposed.
 */
export function refusalByRoles(
  _server: VirtualServer,
  _item: FoundItem,
  _roles: readonly string[],
): ExplainReason | undefined {
  return undefined;
}
