import type { CatalogueItem, ItemKind } from '@lethe/contracts';
import picomatch from 'picomatch';
import { itemKey } from '../catalogue/catalogue-diff.js';
import type { IncludeRule, ItemPick, LeftOut } from './server.entity.js';

/** A gateway's catalogue, as far as choosing needs it. */
export interface GatewayCatalogue {
  gatewayId: string;
  items: CatalogueItem[];
}

/** An item that a virtual server exposes, before it has a name there. */
export interface PickedItem {
  gatewayId: string;
  kind: ItemKind;
  own: string;
  as?: string;
  description?: string;
}

/** Gateways that a server names, in the order in which it first names them. */
export function membersOf({ items, include }: { items: ItemPick[]; include: IncludeRule[] }): string[] {
  return [...new Set([...items, ...include].map(({ gateway }) => gateway))];
}

function toPicked({ gateway, kind, name, as, description }: ItemPick): PickedItem {
  return {
    gatewayId: gateway,
    kind,
    own: name,
    ...(as !== undefined && { as }),
    ...(description !== undefined && { description }),
  };
}

function matcherOf({ kinds, names }: IncludeRule): (item: CatalogueItem) => boolean {
  // `*` matches any characters, also the slashes of URIs; no extended globs, which can be made slow.
  const isNamed = names === undefined ? () => true : picomatch(names, { bash: true, dot: true, noextglob: true });
  return (item) => (kinds === undefined || kinds.includes(item.kind)) && isNamed(item.own);
}

const keyOf = (gatewayId: string, item: { kind: ItemKind; own: string }): string => `${gatewayId} ${itemKey(item)}`;

/**
 * What a server exposes: first the items it names, in its order, then what its rules include, in the upstreams' order. An
 * item named with `enabled: false` is not included either. A named item that its gateway does not have is left out.
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
