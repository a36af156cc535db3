import { raw } from '@mikro-orm/postgresql';
import type { KeysQuery } from './key.dto.js';

/**
 * The conditions of a list of keys.
 * @param serverId of `query.server`
 */
export function keysWhere({ state, role, endsBefore }: KeysQuery, serverId: string | undefined, now: Date): object[] {
  // As `hasKeyEnded` has it.
  const end = `date_trunc('second', least(expires_at, ends_at))`;
  const at = [now.toISOString()];
  return [
    ...(state === 'expired' ? [condition(`${end} <= ?::timestamptz`, at)] : []),
    ...(state === 'active' ? [condition(`(${end} is null or ${end} > ?::timestamptz)`, at)] : []),
    ...(endsBefore === undefined ? [] : [condition(`${end} < ?::timestamptz`, [endsBefore])]),
    ...(role === undefined ? [] : [condition('roles @> ?::jsonb', [JSON.stringify([role])])]),
    ...(serverId === undefined
      ? []
      : [condition(`(servers = '"*"'::jsonb or servers @> ?::jsonb)`, [JSON.stringify([serverId])])]),
  ];
}

function condition(sql: string, values: string[]): object {
  return { [raw(sql, values)]: [] };
}
