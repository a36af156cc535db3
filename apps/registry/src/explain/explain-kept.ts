import { keptGrant } from '@lethe/mcp';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { toKeptView } from '../gateways/kept.view.js';
import type { VirtualServer } from '../servers/server.entity.js';
import type { ExplanationView } from './explain.view.js';
import type { FoundItem } from './find-item.js';
import type { ExplainReason } from './reasons.js';
import { grantedItem } from './roles.js';

/** Whether calls of an item have the credential that is kept for its gateway, decided as proxies do; null for `callers`. */
export function explainKept(
  server: VirtualServer,
  { gateway, kept }: GatewayDetails,
  item: FoundItem,
  caller: { roles: readonly string[]; hintsReadOnly: boolean },
): ExplanationView['kept'] {
  const use = server.credentials?.find((each) => each.gateway === gateway.id)?.use;
  // Proxies use nothing that the manifest does not call kept.
  if (use === undefined || use === 'callers' || kept?.isGenuine !== true) return null;
  const grant = keptGrant(server.grants, caller.roles, grantedItem(server, item, caller.hintsReadOnly));
  const { state, until } = toKeptView(gateway, kept, new Date());
  return { use, isGranted: grant !== undefined, ...(grant !== undefined && { grant }), state, until };
}

/** Why a call would be refused because of it. */
export function keptReason(kept: ExplanationView['kept']): ExplainReason | undefined {
  if (kept === null) return undefined;
  if (!kept.isGranted) return kept.use === 'kept' ? 'kept_not_granted' : undefined;
  return kept.state === 'usable' ? undefined : 'kept_unusable';
}
