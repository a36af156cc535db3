import type { ItemKind } from '@lethe/contracts';
import type { ServerRoutes } from '../routes/server-routes.js';
import { LIST_NAMES, type ListName } from './news-filter.js';

const KINDS: Readonly<Record<ListName, readonly ItemKind[]>> = {
  tools: ['tool'],
  prompts: ['prompt'],
  resources: ['resource', 'resourceTemplate'],
};

/** Which lists of a virtual server differ between two of its revisions. */
export function changedLists(before: ServerRoutes, after: ServerRoutes): ListName[] {
  return LIST_NAMES.filter((list) => KINDS[list].some((kind) => listed(before, kind) !== listed(after, kind)));
}

/** What one list shows, as text. */
function listed(server: ServerRoutes, kind: ItemKind): string {
  const routes = [...(server.items.get(kind)?.values() ?? [])].filter(({ gateway }) => gateway.isListed);
  return JSON.stringify(routes.map(({ definition }) => definition));
}

/** Whether the same gateways are behind it, configured as they were: else what is open for them has to be opened anew. */
export function hasSameGateways(before: ServerRoutes, after: ServerRoutes): boolean {
  return gatewayLines(before) === gatewayLines(after);
}

function gatewayLines({ gateways }: ServerRoutes): string {
  return JSON.stringify(gateways.map(({ id, configRevision, closed }) => [id, configRevision, closed ?? null]));
}
