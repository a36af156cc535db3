import type { RowsMac } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Gateway } from '../gateways/gateway.entity.js';
import { areTagsGenuine, gatewaysWithTags } from '../gateways/gateway-tags.js';
import type { IncludeRule, ItemPick } from './server.entity.js';

/** Most gateways of one virtual server. */
export const MAX_MEMBERS = 64;

/** A rule for one gateway. */
export interface GatewayRule extends Omit<IncludeRule, 'gateway' | 'gatewayTags'> {
  gateway: string;
}

/** What a virtual server exposes now: rules for tags of gateways are one rule for each gateway that carries them. */
export interface Composition {
  items: ItemPick[];
  include: GatewayRule[];
}

/** What a virtual server's row says. */
export interface Curation {
  items: ItemPick[];
  include: IncludeRule[];
}

/** A composition, and what was not taken into it. */
export interface Composed extends Composition {
  /** Ids of gateways that rules would include if their tags had the authentication code of an administrator's change. */
  unsealed: string[];
}

/** The gateways that a virtual server mentions by their ids, each once, in the order of their first mention. */
export function namedGateways({ items, include }: Curation): string[] {
  return [...new Set([...items, ...include].flatMap(({ gateway }) => gateway ?? []))];
}

/** The gateways of a composition, like `namedGateways`. */
export function membersOf(composition: Composition): string[] {
  return namedGateways(composition);
}

/** Finds the gateways that the rules of a virtual server mean now. */
export async function compose(em: EntityManager, rows: RowsMac, { items, include }: Curation): Promise<Composed> {
  const carriers = await gatewaysWithTags(
    em,
    include.flatMap(({ gatewayTags = [] }) => gatewayTags),
  );
  const genuine = carriers.filter((gateway) => areTagsGenuine(rows, gateway));
  const unsealed = carriers.filter((gateway) => !genuine.includes(gateway));
  return { items, include: include.flatMap((rule) => rulesFor(rule, genuine)), unsealed: unsealed.map(({ id }) => id) };
}

/** The same rule for each gateway that it means. */
export function rulesFor(rule: IncludeRule, carriers: readonly Pick<Gateway, 'id' | 'tags'>[]): GatewayRule[] {
  const { gateway: named, gatewayTags, ...rest } = rule;
  if (gatewayTags === undefined) return named === undefined ? [] : [{ ...rest, gateway: named }];
  return carriers
    .filter(({ id, tags }) => (named === undefined || named === id) && tags.some((tag) => gatewayTags.includes(tag)))
    .map(({ id }) => ({ ...rest, gateway: id }));
}
