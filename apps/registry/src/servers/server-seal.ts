import { LetheError } from '@lethe/platform';
import type { RowsMac } from '@lethe/sealing';
import type { VirtualServer } from './server.entity.js';

function serverContent(server: VirtualServer): object {
  const { id, slug, liveSlug, access, shortForm, items, include, deletedAt } = server;
  const life = { liveSlug: liveSlug ?? null, deletedAt: deletedAt?.toISOString() ?? null };
  return { id, slug, ...life, access, shortForm, items, include };
}

/** Writes the row's authentication code; last step of every change of a row that was genuine before. */
export function sealServer(rows: RowsMac, server: VirtualServer): void {
  server.mac = rows.tag('row:server', serverContent(server));
}

export function isServerGenuine(rows: RowsMac, server: VirtualServer): boolean {
  return rows.matches('row:server', serverContent(server), server.mac);
}

/** Throws `row_tampered`. */
export function requireGenuineServer(rows: RowsMac, server: VirtualServer): void {
  if (!isServerGenuine(rows, server)) throw new LetheError('row_tampered', { table: 'virtual_server' });
}
