import type { RowsMac } from '@lethe/sealing';
import type { Admin } from './admin.entity.js';

const TOKEN = 'admin-token';
const ROW = 'row:admin';

function rowContent(admin: Admin): object {
  const { id, name, role, enabled, expiresAt, tokenMac, previousTokenMac, previousUntil, version } = admin;
  return {
    id,
    name,
    role,
    enabled,
    expiresAt: expiresAt?.toISOString() ?? null,
    tokenMac: tokenMac ?? null,
    previousTokenMac: previousTokenMac ?? null,
    previousUntil: previousUntil?.toISOString() ?? null,
    version,
  };
}

/** Sets the row's authentication code. Call it last, and only for rows that were genuine before the change. */
export function sealAdmin(rows: RowsMac, admin: Admin): void {
  admin.rowMac = rows.tag(ROW, rowContent(admin));
}

/** Whether the registry itself wrote the row in its present form. */
export function isAdminGenuine(rows: RowsMac, admin: Admin): boolean {
  return rows.matches(ROW, rowContent(admin), admin.rowMac ?? '');
}

/** The authentication code of a token. */
export function tokenMac(rows: RowsMac, token: { id: string; secret: string }): string {
  return rows.tag(TOKEN, { id: token.id, secret: token.secret });
}

/** Whether this is the present token of a genuine row, or the one before it while that is valid. */
export function hasToken(rows: RowsMac, admin: Admin, secret: string, now: Date): boolean {
  const content = { id: admin.id, secret };
  if (rows.matches(TOKEN, content, admin.tokenMac ?? '')) return true;
  const until = admin.previousUntil?.getTime() ?? 0;
  return until > now.getTime() && rows.matches(TOKEN, content, admin.previousTokenMac ?? '');
}

/** The code by which releases without roles know an administrator. */
export function formerMac(rows: RowsMac, admin: { id: string; name: string }, secret: string): string {
  return rows.tag('admin', formerContent(admin, secret));
}

/** Whether a row of such a release is genuine, and this its token. */
export function hasFormerToken(rows: RowsMac, admin: Admin, secret: string): boolean {
  return rows.matches('admin', formerContent(admin, secret), admin.mac);
}

function formerContent({ id, name }: { id: string; name: string }, secret: string): object {
  return { id, name, role: 'admin', secret };
}
