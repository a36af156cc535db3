import { itemKey } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { namedGateways } from './composition.js';
import { type ChangeItemsDto, type ItemChangeDto, type ItemRefDto, MAX_PICKS } from './items.dto.js';
import type { ItemPick, VirtualServer } from './server.entity.js';
import { GatewayRefs } from './server-members.js';

/**
 * The items that a server lists after a change of some of them: what stays has its place, what is new comes last.
 * @throws LetheError `invalid_request` for a gateway that does not exist, or too many items
 */
export async function changedPicks(
  em: EntityManager,
  server: VirtualServer,
  { items = [], remove = [] }: ChangeItemsDto,
): Promise<ItemPick[]> {
  const wanted = [...items, ...remove].map(({ gateway }) => gateway);
  const refs = await GatewayRefs.load(em, wanted, namedGateways(server));
  const keyOf = ({ gateway, kind, name }: ItemRefDto, field: string): string =>
    `${refs.idOf(gateway, field)} ${itemKey({ kind, own: name })}`;
  const picks = new Map(server.items.map((pick) => [`${pick.gateway} ${itemKey({ ...pick, own: pick.name })}`, pick]));
  for (const item of remove) picks.delete(keyOf(item, 'remove'));
  for (const item of items) {
    const key = keyOf(item, 'items');
    picks.set(key, changedPick(picks.get(key), { ...item, gateway: refs.idOf(item.gateway, 'items') }));
  }
  if (picks.size <= MAX_PICKS) return [...picks.values()];
  throw new LetheError('invalid_request', { errors: [{ field: 'items', rule: 'max_items', limit: MAX_PICKS }] });
}

/** As a merge patch does (RFC 7396): what is absent stays, null takes away. */
function changedPick(before: Partial<ItemPick> | undefined, change: ItemChangeDto): ItemPick {
  const { gateway, kind, name } = change;
  const as = chosen(change.as, before?.as);
  const description = chosen(change.description, before?.description);
  const enabled = chosen(change.enabled, before?.enabled);
  const readOnly = chosen(change.readOnly, before?.readOnly);
  const tags = chosen(change.tags, before?.tags);
  return {
    ...{ gateway, kind, name },
    ...(as !== undefined && { as }),
    ...(description !== undefined && { description }),
    ...(enabled !== undefined && { enabled }),
    ...(readOnly !== undefined && { readOnly }),
    ...(tags !== undefined && { tags }),
  };
}

function chosen<T>(given: T | null | undefined, before: T | undefined): T | undefined {
  return given === undefined ? before : (given ?? undefined);
}
