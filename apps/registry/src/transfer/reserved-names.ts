import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Gateway } from '../gateways/gateway.entity.js';
import { assignedNames } from '../servers/assigned-names.js';
import { ExposedName } from '../servers/exposed-name.entity.js';
import { EXPOSED_NAME } from '../servers/exposed-names.js';
import type { NameDto } from './import.dto.js';

/**
 * Gives names of a document to their items, before items are named. A name that another item has stays with that.
 * @returns how many were new
 * @throws LetheError `name_clash`; `invalid_request` for a gateway that does not exist, or a name that no item can have
 */
export async function reserveNames(em: EntityManager, serverId: string, names: readonly NameDto[]): Promise<number> {
  if (names.length === 0) return 0;
  const slugs = [...new Set(names.map(({ gateway }) => gateway))];
  const gateways = await em.find(Gateway, { slug: { $in: slugs }, deletedAt: null });
  const idOf = new Map(gateways.map(({ id, slug }) => [slug, id]));
  const known = new Map((await assignedNames(em, serverId)).map((name) => [`${name.kind} ${name.exposed}`, name]));
  const rows = names.flatMap(({ kind, exposed, gateway, own, chosen = false }) => {
    const gatewayId = idOf.get(gateway);
    if (gatewayId === undefined) throw refused('gateway_unknown');
    const isUri = kind === 'resource' || kind === 'resourceTemplate';
    if (isUri ? exposed !== own : !EXPOSED_NAME.test(exposed)) throw refused('name_or_uri');
    const owner = known.get(`${kind} ${exposed}`);
    if (owner === undefined) return [{ serverId, kind, exposed, gatewayId, own, chosen, current: false, lostAt: null }];
    if (owner.gatewayId !== gatewayId || owner.own !== own) throw new LetheError('name_clash');
    return [];
  });
  const byName = new Map(rows.map((row) => [`${row.kind} ${row.exposed}`, row]));
  if (byName.size < rows.length) throw refused('name_twice');
  if (rows.length > 0) await em.insertMany(ExposedName, rows);
  return rows.length;
}

function refused(rule: string): LetheError {
  return new LetheError('invalid_request', { errors: [{ field: 'names', rule }] });
}
