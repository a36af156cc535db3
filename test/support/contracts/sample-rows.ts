import {
  formerMac,
  hasFormerToken,
  hasToken,
  isAdminGenuine,
  sealAdmin,
  tokenMac,
} from '../../../apps/registry/src/admins/admin-seal.js';
import { entryHash, isEntryGenuine } from '../../../apps/registry/src/audit/trail/audit-chain.js';
import {
  configMac,
  isConfigGenuine,
  isGatewayGenuine,
  sealGateway,
} from '../../../apps/registry/src/gateways/gateway-seal.js';
import { isServerGenuine, sealServer } from '../../../apps/registry/src/servers/server-seal.js';
import { AT, GATEWAY, ORDER, VID } from './sample-facts.js';
import { goldenTrust } from './golden-trust.js';

/** Rows of one table, with their authentication codes. Dates are ISO 8601. */
export type RowSamples = Record<string, Record<string, unknown>[]>;

type GatewayRow = Parameters<typeof sealGateway>[1];
type ConfigRow = Parameters<typeof isConfigGenuine>[1];
type ServerRow = Parameters<typeof sealServer>[1];
type AdminRow = Parameters<typeof sealAdmin>[1];
type EntryRow = Parameters<typeof isEntryGenuine>[1];

const ADMIN = { id: 'an-admin', name: 'First', role: 'admin' };
const ADMIN_SECRET = 'golden-secret-of-an-administrator';
const ADMIN_TOKEN = { id: ADMIN.id, secret: ADMIN_SECRET };
const ADMIN_ROW = {
  ...{ id: ADMIN.id, name: 'Second', role: 'editor', enabled: true, expiresAt: AT, previousTokenMac: null },
  ...{ previousUntil: null, version: 2, mac: '', formerRole: 'admin', createdAt: AT },
};
const ENTRY_ROW = {
  ...{ seq: 2, recordedAt: AT, actorKind: 'administrator', actorId: ADMIN.id, actorName: 'First', actorRole: 'admin' },
  ...{ operation: 'changeGateway', outcome: 'done', targetKind: 'gateway', targetId: GATEWAY, targetSlug: 'golden' },
  ...{ before: { name: 'Golden' }, after: { name: 'Gold' }, requestId: 'a-request', previousHash: 'b'.repeat(64) },
};

const GATEWAY_ROW = {
  ...{ id: GATEWAY, slug: 'golden', name: 'Golden', description: null, tags: [], listing: 'catalogue', drift: 'auto' },
  ...{ enabled: true, currentRevision: 2, pendingRevision: null, servingVid: VID, reviewVid: null, lastAttempt: 3 },
  ...{
    lastAppliedAttempt: 3,
    blocks: ['a'.repeat(64)],
    version: 4,
    mac: '',
    createdAt: AT,
    updatedAt: AT,
    deletedAt: null,
  },
};
const CONFIG_ROW = {
  ...{ gatewayId: GATEWAY, revision: 2, url: ORDER.url, transport: 'auto', mappings: ORDER.mappings, tlsCa: null },
  ...{ mac: '', createdAt: AT },
};
const SERVER_ROW = {
  ...{ id: VID, slug: 'golden', liveSlug: 'golden', name: 'Golden', description: null, instructions: null },
  ...{ access: 'key', enabled: true, missingCredential: 'result', eras: 'auto', maxNameLength: 64 },
  ...{ shortForm: { Authorization: GATEWAY }, items: [{ gateway: GATEWAY, kind: 'tool', name: 'echo' }] },
  ...{ include: [{ gateway: GATEWAY }], leftOut: [], revision: 7, version: 2, mac: '', createdAt: AT, updatedAt: AT },
  deletedAt: null,
};

/** What a migration writes into rows of before it. */
const ADDED_TO_GATEWAYS = { itemTags: [] };

/** As the ORM reads a row: with dates. */
function asRow<T>(row: Record<string, unknown>): T {
  const dated = Object.entries(row).map(([name, value]) => [
    name,
    /At$/.test(name) && value !== null ? new Date(typeof value === 'string' ? value : '') : value,
  ]);
  // The golden file has all columns of the row.
  return Object.fromEntries(dated) as T;
}

const coded = (row: Record<string, unknown>, mac: string) => ({ ...row, mac });

/** A row of each table that has codes, with the code that this version writes. */
export function rowSamples(): RowSamples {
  const rows = goldenTrust().rowsMac();
  const servers = [SERVER_ROW, { ...SERVER_ROW, enabled: false, eras: 'both', deletedAt: AT }];
  return {
    gateway: [GATEWAY_ROW, { ...GATEWAY_ROW, currentRevision: null, servingVid: null, deletedAt: AT }].map((row) =>
      withCode(row, (each: GatewayRow) => sealGateway(rows, each), ADDED_TO_GATEWAYS),
    ),
    gateway_config: [coded(CONFIG_ROW, configMac(rows, asRow<ConfigRow>(CONFIG_ROW)))],
    virtual_server: servers.map((row) => withCode(row, (each: ServerRow) => sealServer(rows, each))),
    admin: [coded(ADMIN, formerMac(rows, ADMIN, ADMIN_SECRET))],
    admin_with_role: [sealedAdmin()],
    audit_entry: [{ ...ENTRY_ROW, hash: entryHash(rows, asRow<EntryRow>(ENTRY_ROW)) }],
  };
}

function sealedAdmin(): Record<string, unknown> {
  const rows = goldenTrust().rowsMac();
  const row = { ...ADMIN_ROW, tokenMac: tokenMac(rows, ADMIN_TOKEN) };
  const read = asRow<AdminRow>(row);
  sealAdmin(rows, read);
  return { ...row, rowMac: read.rowMac };
}

function withCode<T extends { mac: string }>(row: Record<string, unknown>, seal: (row: T) => void, added = {}) {
  const read = asRow<T>({ ...added, ...row });
  seal(read);
  return coded(row, read.mac);
}

/** The rows that this version takes for changed by somebody else. */
export function refusedRows(samples: RowSamples): string[] {
  const rows = goldenTrust().rowsMac();
  const checks: Record<string, (row: Record<string, unknown>) => boolean> = {
    gateway: (row) => isGatewayGenuine(rows, asRow<GatewayRow>({ ...ADDED_TO_GATEWAYS, ...row })),
    gateway_config: (row) => isConfigGenuine(rows, asRow<ConfigRow>(row)),
    virtual_server: (row) => isServerGenuine(rows, asRow<ServerRow>(row)),
    admin: (row) => hasFormerToken(rows, asRow<AdminRow>(row), ADMIN_SECRET),
    admin_with_role: (row) =>
      isAdminGenuine(rows, asRow<AdminRow>(row)) && hasToken(rows, asRow<AdminRow>(row), ADMIN_SECRET, new Date()),
    audit_entry: (row) => isEntryGenuine(rows, asRow<EntryRow>(row)),
  };
  return Object.entries(samples).flatMap(([table, each]) =>
    each.filter((row) => checks[table]?.(row) !== true).map((row) => `${table} ${JSON.stringify(row)}`),
  );
}
