import type { CredentialUseValue, IncludeValue, ItemName } from '../command-line/curation-values.js';
import type { PickResponse, ServerResponse } from '../registry/responses.js';
import { ruleLimits, type RuleLimits } from './rule-limits.js';

/** Flags of `lethe edit` about what a virtual server exposes. */
export interface ServerEdits extends RuleLimits {
  hide?: ItemName[];
  show?: ItemName[];
  rename?: Valued<string>[];
  describe?: Valued<string>[];
  readOnly?: Valued<boolean>[];
  reset?: ItemName[];
  include?: IncludeValue[];
  includeTag?: string[];
  credentials?: CredentialUseValue[];
}

/** An item and what it gets. */
export interface Valued<T> {
  item: ItemName;
  value: T;
}

/** A change of one item; null takes a member away. */
interface ItemChange {
  item: ItemName;
  members: Record<string, unknown>;
}

/** The items that flags mention. */
export function mentionedItems(flags: ServerEdits, tagged: readonly Valued<string[]>[]): ItemName[] {
  return [...itemChanges(flags, tagged).map(({ item }) => item), ...(flags.reset ?? [])];
}

/** The members of a virtual server that flags about items and rules change. */
export function curationOf(
  server: ServerResponse,
  flags: ServerEdits,
  tagged: readonly Valued<string[]>[],
): { items?: PickResponse[]; include?: object[]; credentials?: object[] } {
  const include = newRules(flags).filter((rule) => !server.include.some((one) => isSame(one, rule)));
  return {
    ...(mentionedItems(flags, tagged).length > 0 && { items: changedItems(server.items, flags, tagged) }),
    ...(newRules(flags).length > 0 && { include: [...server.include, ...include] }),
    ...(flags.credentials && { credentials: usesOf(server, flags.credentials) }),
  };
}

/** Gateways that the flags do not name stay as they are. */
function usesOf({ credentials }: ServerResponse, wanted: readonly CredentialUseValue[]): object[] {
  const uses = [...(credentials ?? []), ...wanted];
  return [...new Map(uses.map(({ gateway, use }) => [gateway, { gateway, use }])).values()];
}

function itemChanges(flags: ServerEdits, tagged: readonly Valued<string[]>[]): ItemChange[] {
  const { hide = [], show = [], rename = [], describe = [], readOnly = [] } = flags;
  return [
    ...hide.map((item) => ({ item, members: { enabled: false } })),
    ...show.map((item) => ({ item, members: { enabled: null } })),
    ...rename.map(({ item, value }) => ({ item, members: { as: value === '' ? null : value } })),
    ...describe.map(({ item, value }) => ({ item, members: { description: value === '' ? null : value } })),
    ...readOnly.map(({ item, value }) => ({ item, members: { readOnly: value } })),
    ...tagged.map(({ item, value }) => ({ item, members: { tags: value.length === 0 ? null : value } })),
  ];
}

/** The whole list, so that items, rules and fields change together or not at all. */
function changedItems(
  before: readonly PickResponse[],
  flags: ServerEdits,
  tagged: readonly Valued<string[]>[],
): PickResponse[] {
  const picks = new Map(before.map((pick) => [keyOf(pick), pick]));
  for (const item of flags.reset ?? []) picks.delete(keyOf(item));
  for (const { item, members } of itemChanges(flags, tagged)) {
    const { gateway, kind, name, ...rest } = { ...picks.get(keyOf(item)), ...item, ...members };
    const given = Object.entries(rest).filter(([, value]) => value !== null);
    picks.set(keyOf(item), { gateway, kind, name, ...Object.fromEntries(given) });
  }
  return [...picks.values()];
}

function newRules(flags: ServerEdits): object[] {
  const { include = [], includeTag = [] } = flags;
  return [...include, ...includeTag.map((tag) => ({ gatewayTags: [tag] }))].map((rule) => ({
    ...rule,
    ...ruleLimits(flags),
  }));
}

function keyOf({ gateway, kind, name }: { gateway: string; kind: string; name: string }): string {
  return `${gateway} ${kind} ${name}`;
}

function isSame(a: object, b: object): boolean {
  const text = (rule: object): string =>
    JSON.stringify(Object.entries(rule).sort(([one], [two]) => (one < two ? -1 : 1)));
  return text(a) === text(b);
}
