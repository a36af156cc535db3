import { nameMatcher, TOOL_HINTS, type ToolHint } from '@lethe/mcp';
import type { Catalogue as GatewayCatalogue, GatewayItem } from '../../api/gateway-items.js';
import type { OwnedName } from '../../api/server-documents.js';
import { type ExpectedName, expectNames } from './expected-names.js';
import { type IncludeRule, type ItemPick, keyOf, type ServerDraft } from './server-draft.js';

/** What the rules look at in a gateway. */
export type Catalogue = Pick<GatewayCatalogue, 'slug' | 'tags' | 'trustHints' | 'items'>;

/** An item that a draft takes, or would take if it were not switched off. */
export interface ComposedItem {
  key: string;
  gateway: string;
  item: GatewayItem;
  /** What the list says about it. */
  pick: ItemPick | undefined;
  /** Positions of the rules that take it. */
  rules: readonly number[];
  /** Undefined while it is switched off. */
  name: ExpectedName | undefined;
}

/** What a draft exposes. */
export interface Composed {
  /** In the order in which clients see them; those that are switched off among them. */
  items: readonly ComposedItem[];
  byKey: ReadonlyMap<string, ComposedItem>;
  /** Listed items that their gateways do not have. */
  unknown: readonly ItemPick[];
  /** How many items each rule matches. */
  matches: readonly number[];
}

/** Says what a draft takes of the catalogues, by the registry's rule: the list first, then the rules. */
export function composeDraft(
  { items, include, maxNameLength }: Pick<ServerDraft, 'items' | 'include' | 'maxNameLength'>,
  catalogues: readonly Catalogue[],
  owned: readonly OwnedName[],
): Composed {
  const known = knownItems(catalogues);
  const matched = include.map((rule) => catalogues.flatMap((catalogue) => matchingItems(rule, catalogue)));
  const byKey = new Map<string, ComposedItem>();
  const unknown: ItemPick[] = [];
  const loaded = new Set(catalogues.map(({ slug }) => slug));
  for (const pick of items) {
    const key = keyOf(pick);
    const item = known.get(key);
    if (item) byKey.set(key, { key, gateway: pick.gateway, item, pick, rules: [], name: undefined });
    else if (loaded.has(pick.gateway)) unknown.push(pick);
  }
  matched.forEach((found, position) => {
    for (const { gateway, item } of found) {
      const key = keyOf({ gateway, kind: item.kind, name: item.name });
      const before = byKey.get(key) ?? { key, gateway, item, pick: undefined, rules: [], name: undefined };
      byKey.set(key, { ...before, rules: [...before.rules, position] });
    }
  });
  const named = withNames([...byKey.values()], owned, maxNameLength);
  return {
    items: named,
    byKey: new Map(named.map((each) => [each.key, each])),
    unknown,
    matches: matched.map(({ length }) => length),
  };
}

/** Whether a draft exposes an item. */
export function isOn(item: ComposedItem | undefined): boolean {
  return item !== undefined && item.pick?.enabled !== false;
}

/** The items of a gateway that a rule takes. */
export function matchingItems(rule: IncludeRule, catalogue: Catalogue): { gateway: string; item: GatewayItem }[] {
  const { kinds, names, tags, annotations } = rule;
  if (!isMeant(rule, catalogue)) return [];
  if (annotations !== undefined && !catalogue.trustHints) return [];
  const isNamed = names === undefined ? () => true : nameMatcher(names);
  return catalogue.items
    .filter(
      (item) =>
        (kinds === undefined || kinds.includes(item.kind)) &&
        isNamed(item.name) &&
        (tags === undefined || item.tags.some((tag) => tags.includes(tag))) &&
        (annotations === undefined || hasHints(item, annotations)),
    )
    .map((item) => ({ gateway: catalogue.slug, item }));
}

/** Whether a tool says all of this about itself, in each era. Other items say nothing. */
function hasHints({ hints }: GatewayItem, wanted: Partial<Record<ToolHint, boolean>>): boolean {
  if (hints.length === 0) return false;
  return hints.every((said) => TOOL_HINTS.every((hint) => wanted[hint] === undefined || wanted[hint] === said[hint]));
}

function isMeant({ gateway, gatewayTags }: IncludeRule, catalogue: Catalogue): boolean {
  if (gatewayTags === undefined) return gateway === catalogue.slug;
  const isNamed = gateway === undefined || gateway === catalogue.slug;
  return isNamed && catalogue.tags.some((tag) => gatewayTags.includes(tag));
}

function knownItems(catalogues: readonly Catalogue[]): Map<string, GatewayItem> {
  return new Map(
    catalogues.flatMap(({ slug, items }) =>
      items.map((item) => [keyOf({ gateway: slug, kind: item.kind, name: item.name }), item] as const),
    ),
  );
}

function withNames(items: ComposedItem[], owned: readonly OwnedName[], maxLength: number): ComposedItem[] {
  const on = items.filter(isOn);
  const picks = on.map(({ gateway, item, pick }) => ({ gateway, kind: item.kind, own: item.name, as: pick?.as }));
  const names = expectNames(picks, owned, maxLength);
  const nameOf = new Map(on.map(({ key }, index) => [key, names[index]]));
  return items.map((item) => ({ ...item, name: nameOf.get(item.key) }));
}
