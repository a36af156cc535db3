import type { CatalogueItem } from '@lethe/contracts';
import { type GatewayDraft, MODERN_FACTS, resource, tool } from '../published-routes.js';
import type { Upstream } from '../upstreams/index.js';

/** What their clients can be asked. */
export const ASKED = { sampling: {}, elicitation: { form: {}, url: {} }, roots: {} };
/** What each of their upstreams declares. */
export const CAPABILITIES = { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} };
/** Facts of an upstream of either era. */
export const LEGACY = { sessionful: true, capabilities: CAPABILITIES };
export const MODERN = { ...MODERN_FACTS, capabilities: CAPABILITIES };

/** What differs between the bundles: an item of the hostile gateway, and the facts of each. */
export interface HostileBundle {
  evilTool: CatalogueItem;
  facts: { evil: object; bank: object; hub: object };
}

/** Three gateways of one virtual server: Evil, which is hostile, and beside it Bank and Hub. */
export function hostileBundle(
  [evil, bank, hub]: readonly Pick<Upstream, 'url'>[],
  { evilTool, facts }: HostileBundle,
): GatewayDraft[] {
  const urlOf = (upstream: Pick<Upstream, 'url'> | undefined): string => upstream?.url ?? '';
  const evilItems = [evilTool, resource('evil://a')];
  const bankItems = [tool('pay'), resource('bank://account')];
  return [
    { slug: 'evil', name: 'Evil', url: urlOf(evil), items: evilItems, facts: facts.evil },
    { slug: 'bank', name: 'Bank', url: urlOf(bank), items: bankItems, facts: facts.bank },
    { slug: 'hub', name: 'Hub', url: urlOf(hub), items: [tool('t2')], facts: facts.hub },
  ];
}
