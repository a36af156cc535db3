import { type CatalogueItem, itemKey, type ItemKind } from '@lethe/contracts';
import { nameMatcher } from '@lethe/mcp';
import { type ItemTags, itemTagger } from '../gateways/item-tags.js';
import type { Composition, GatewayRule } from './composition.js';
import type { ItemPick, LeftOut } from './server.entity.js';
import { hasHints } from './tool-hints.js';

/** The items of a gateway, from which a server picks. */
export interface GatewayCatalogue {
  gatewayId: string;
  items: CatalogueItem[];
  itemTags?: readonly ItemTags[];
  /** Whether its tools' annotations count. */
  trustHints?: boolean;
}

/** An item that a virtual server exposes, before its exposed name is assigned. */
export interface PickedItem {
  gatewayId: string;
  kind: ItemKind;
  own: string;
  as?: string;
  description?: string;
  readOnly?: boolean;
}

function toPicked({ gateway, kind, name, as, description, readOnly }: ItemPick): PickedItem {
  return {
    gatewayId: gateway,
    kind,
    own: name,
    ...(as !== undefined && { as }),
    ...(description !== undefined && { description }),
    ...(readOnly !== undefined && { readOnly }),
  };
}

/** The items of a gateway that a rule includes. */
function included(
  { kinds, names, tags, annotations }: GatewayRule,
  { items, itemTags = [], trustHints = false }: GatewayCatalogue,
): CatalogueItem[] {
  if (annotations !== undefined && !trustHints) return [];
  const isNamed = names === undefined ? () => true : nameMatcher(names);
  const tagsOf = tags && itemTagger(itemTags);
  return items.filter(
    (item) =>
      (kinds === undefined || kinds.includes(item.kind)) &&
      isNamed(item.own) &&
      (tagsOf === undefined || tagsOf(item).some((tag) => tags?.includes(tag))) &&
      (annotations === undefined || hasHints(item, annotations)),
  );
}

const keyOf = (gatewayId: string, item: { kind: ItemKind; own: string }): string => `${gatewayId} ${itemKey(item)}`;

/**
 * Picks what a server exposes: first the items it lists, in its order, then those its rules include, in the upstreams'
 * order. An item listed with `enabled: false` is not picked by a rule either. A listed item that its gateway does not
 * have is reported as left out.
 */
export function pickItems(
  { items, include }: Composition,
  choices: readonly GatewayCatalogue[],
): { picked: PickedItem[]; leftOut: LeftOut[] } {
  const known = new Set(choices.flatMap((choice) => choice.items.map((item) => keyOf(choice.gatewayId, item))));
  const isServed = new Set(choices.map(({ gatewayId }) => gatewayId));
  const picked = new Map<string, PickedItem | undefined>();
  const leftOut: LeftOut[] = [];
  for (const pick of items) {
    const key = keyOf(pick.gateway, { kind: pick.kind, own: pick.name });
    if (known.has(key)) picked.set(key, pick.enabled === false ? undefined : toPicked(pick));
    else if (isServed.has(pick.gateway)) {
      leftOut.push({ gateway: pick.gateway, kind: pick.kind, own: pick.name, reason: 'item_unknown' });
    }
  }
  for (const rule of include) {
    const choice = choices.find(({ gatewayId }) => gatewayId === rule.gateway);
    for (const { kind, own } of choice ? included(rule, choice) : []) {
      const key = keyOf(rule.gateway, { kind, own });
      if (!picked.has(key)) picked.set(key, { gatewayId: rule.gateway, kind, own });
    }
  }
  return { picked: [...picked.values()].filter((item) => item !== undefined), leftOut };
}
