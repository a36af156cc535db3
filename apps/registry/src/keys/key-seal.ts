import { callerKeyMac, callerRolesMac, type RowsMac } from '@lethe/sealing';
import type { CallerKey } from './caller-key.entity.js';
import { epochSeconds } from './key-end.js';

const ROW = 'row:caller-key';

function rowContent(key: CallerKey, revokedAt: Date | null | undefined): object {
  const { id, name, servers, expiresAt, mac, roles, rolesMac, endsAt, replaces, replacedBy } = key;
  return {
    ...{ id, name, servers, exp: epochSeconds(expiresAt), mac },
    // Left out where there are none: codes of rows from before these columns stay valid.
    ...(roles && { roles, rolesMac }),
    ...(endsAt && { endsAt: endsAt.toISOString() }),
    ...(replaces && { replaces }),
    ...(replacedBy && { replacedBy }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
  };
}

/** Sets the row's authentication code. Call it last, and only for rows that were genuine before the change. */
export function sealKey(rows: RowsMac, key: CallerKey): void {
  key.rowMac = rows.tag(ROW, rowContent(key, key.revokedAt));
}

/** Whether the registry itself wrote the row in its present form. A key that somebody else makes valid again is not genuine. */
export function isKeyGenuine(rows: RowsMac, key: CallerKey): boolean {
  const { revokedAt, rowMac } = key;
  if (rows.matches(ROW, rowContent(key, revokedAt), rowMac)) return true;
  // An older registry leaves the code as it is when it revokes a key.
  return Boolean(revokedAt) && rows.matches(ROW, rowContent(key, null), rowMac);
}

/** The code by which proxies know secret and scope. */
export function secretMac(
  rows: RowsMac,
  { id: keyId, servers, expiresAt }: Pick<CallerKey, 'id' | 'servers'> & { expiresAt: Date | null },
  secret: string,
): string {
  return callerKeyMac(rows, { keyId, secret, servers, exp: epochSeconds(expiresAt) });
}

/** Sets the roles, and the code by which proxies know them. */
export function setRoles(rows: RowsMac, key: CallerKey, roles: string[]): void {
  const { id: keyId, mac } = key;
  key.roles = roles.length === 0 ? null : roles;
  key.rolesMac = roles.length === 0 ? null : callerRolesMac(rows, { keyId, mac, roles });
}
