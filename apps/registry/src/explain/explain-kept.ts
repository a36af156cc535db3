import { keptGrant } from '@lethe/mcp';
import type { GatewayDetails } from '../gateways/gateway.view.js';
import { toKeptView } from '../gateways/kept.view.js';
import type { ServerDetails } from '../servers/server.view.js';
import type { ExplanationView } from './explain.view.js';
import type { FoundItem } from './find-item.js';
import type { ExplainReason } from './reasons.js';
import { grantedItem, templatesFor } from './roles.js';

/** Whether calls of an item have the credential that is kept for its gateway, decided as proxies do; null for callers' own alone. */
export function explainKept(
  { server, names }: Pick<ServerDetails, 'server' | 'names'>,
  { gateway, kept }: Pick<GatewayDetails, 'gateway' | 'kept'>,
  item: FoundItem,
  caller: { roles: readonly string[]; hintsReadOnly: boolean },
): ExplanationView['kept'] {
  const use = server.credentials?.find((each) => each.gateway === gateway.id)?.use;
  // Proxies use nothing that the manifest does not call kept, and `kept` refuses everything else.
  const usable = kept?.isGenuine === true ? kept : undefined;
  if (use === undefined || use === 'callers' || (use === 'callers-then-kept' && !usable)) return null;
  const [granted, ...templates] = [item, ...templatesFor(names, item)].map((one) =>
    grantedItem(server, one, caller.hintsReadOnly),
  );
  const grant = granted && keptGrant(server.grants, caller.roles, granted, templates);
  const common = { use, isGranted: grant !== undefined, ...(grant !== undefined && { grant }) };
  if (!usable) return { ...common, state: 'none', until: null };
  const { state, until, by } = toKeptView(gateway, usable, new Date());
  return { ...common, state, until, by };
}

/** Why a call would be refused because of it. */
export function keptReason(kept: ExplanationView['kept']): ExplainReason | undefined {
  if (kept === null) return undefined;
  if (!kept.isGranted) return kept.use === 'kept' ? 'kept_not_granted' : undefined;
  return kept.state === 'usable' ? undefined : 'kept_unusable';
}
