import type { RowsMac } from '@lethe/sealing';
import { rowTampered, TamperedRow } from '../rows/tampered-row.js';
import type { IncludeRule, VirtualServer } from './server.entity.js';

const isNarrowed = ({ gatewayTags, tags, annotations }: IncludeRule): boolean =>
  [gatewayTags, tags, annotations].some((member) => member !== undefined);

function serverContent(server: VirtualServer): object {
  const { id, slug, liveSlug, access, enabled, eras, shortForm, items, include, grants, limits, deletedAt } = server;
  const { credentials } = server;
  const life = { liveSlug: liveSlug ?? null, deletedAt: deletedAt?.toISOString() ?? null };
  // Left out where they are the default: codes of rows from before these columns stay valid.
  const added = {
    ...(eras !== 'auto' && { eras }),
    ...(!enabled && { enabled }),
    ...(grants && { grants }),
    ...(limits && { limits }),
    ...(credentials && { credentials }),
    // A registry that does not know these rules would expose more: it must not take the row for genuine.
    ...(include.some(isNarrowed) && { includeForm: 2 }),
  };
  return { id, slug, ...life, access, ...added, shortForm, items, include };
}

/** Sets the row's authentication code. Call it last, and only for rows that were genuine before the change. */
export function sealServer(rows: RowsMac, server: VirtualServer): void {
  server.mac = rows.tag('row:server', serverContent(server));
}

/** Whether the registry itself wrote the row in its present form. */
export function isServerGenuine(rows: RowsMac, server: VirtualServer): boolean {
  return rows.matches('row:server', serverContent(server), server.mac);
}

/**
 * Call it before anything is signed over a row, or the row is sealed again.
 * @throws LetheError `row_tampered` when somebody else changed the row
 */
export function requireGenuineServer(rows: RowsMac, server: VirtualServer): void {
  if (!isServerGenuine(rows, server)) throw rowTampered(new TamperedRow('virtual_server', server.id));
}
