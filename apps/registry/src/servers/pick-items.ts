import { type CatalogueItem, itemKey, type ItemKind } from '@lethe/contracts';
import { nameMatcher } from '@lethe/mcp';
import type { IncludeRule, ItemPick, LeftOut } from './server.entity.js';

/** The items of a gateway, from which a server picks. */
export interface GatewayCatalogue {
  gatewayId: string;
  items: CatalogueItem[];
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

/** The gateways that a server mentions, each once, in the order of their first mention. */
export function membersOf({ items, include }: { items: ItemPick[]; include: IncludeRule[] }): string[] {
  return [...new Set([...items, ...include].map(({ gateway }) => gateway))];
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

function matcherOf({ kinds, names }: IncludeRule): (item: CatalogueItem) => boolean {
  const isNamed = names === undefined ? () => true : nameMatcher(names);
  return (item) => (kinds === undefined || kinds.includes(item.kind)) && isNamed(item.own);
}

const keyOf = (gatewayId: string, item: { kind: ItemKind; own: string }): string => `${gatewayId} ${itemKey(item)}`;

/**
 * Picks what a server exposes: first the items it lists, in its order, then those its rules include, in the upstreams'
 * order. An item listed with `enabled: false` is not picked by a rule either. A listed item that its gateway does not
 * have is reported as left out.
 */
export function pickItems(
  { items, include }: { items: ItemPick[]; include: IncludeRule[] },
  choices: GatewayCatalogue[],
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
    const isIncluded = matcherOf(rule);
    const found = choices.find(({ gatewayId }) => gatewayId === rule.gateway)?.items.filter(isIncluded) ?? [];
    for (const { kind, own } of found) {
      const key = keyOf(rule.gateway, { kind, own });
      if (!picked.has(key)) picked.set(key, { gatewayId: rule.gateway, kind, own });
    }
  }
  return { picked: [...picked.values()].filter((item) => item !== undefined), leftOut };
}
