import { LetheError } from '@lethe/platform';
import type { RowsMac } from '@lethe/sealing';
import type { VirtualServer } from './server.entity.js';

function serverContent({ id, slug, access, shortForm, items, include }: VirtualServer): object {
  return { id, slug, access, shortForm, items, include };
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
