import type { JsonObject } from '@lethe/contracts';
import type { RowsMac } from '@lethe/sealing';
import { rowTampered, TamperedRow } from '../rows/tampered-row.js';
import type { GatewayConfig } from './gateway-config.entity.js';
import type { Gateway } from './gateway.entity.js';

function gatewayContent(gateway: Gateway): JsonObject {
  const { id, slug, currentRevision, pendingRevision, servingVid, lastAppliedAttempt } = gateway;
  const { enabled, listing, drift, blocks, deletedAt, trustHints, limits, itemTags, oauthClient } = gateway;
  return {
    id,
    slug,
    enabled,
    listing,
    drift,
    blocks,
    deletedAt: deletedAt?.toISOString() ?? null,
    currentRevision: currentRevision ?? null,
    pendingRevision: pendingRevision ?? null,
    servingVid: servingVid ?? null,
    lastAppliedAttempt,
    // Left out where they are the default: codes of rows from before these columns stay valid.
    ...(trustHints && { trustHints }),
    ...(limits && { limits: { ...limits } }),
    ...(oauthClient && { oauthClient: { ...oauthClient } }),
    ...(itemTags.length > 0 && { itemTags: itemTags.map(({ kind, name, tags }) => ({ kind, name, tags })) }),
  };
}

function configContent(config: Omit<GatewayConfig, 'mac' | 'createdAt'>): JsonObject {
  const mappings = config.mappings.map(({ header, required, scheme, to }) => ({
    header,
    required: required ?? false,
    scheme: scheme ?? null,
    query: to?.query ?? null,
  }));
  const { gatewayId, revision, url, transport, tlsCa } = config;
  return { gatewayId, revision, url, transport, mappings, tlsCa: tlsCa ?? null };
}

/** Sets the row's authentication code. Call it last, and only for rows that were genuine before the change. */
export function sealGateway(rows: RowsMac, gateway: Gateway): void {
  gateway.mac = rows.tag('row:gateway', gatewayContent(gateway));
}

/** The authentication code of a configuration row. */
export function configMac(rows: RowsMac, config: Omit<GatewayConfig, 'mac' | 'createdAt'>): string {
  return rows.tag('row:gateway-config', configContent(config));
}

/** Whether the registry itself wrote the row in its present form. */
export function isGatewayGenuine(rows: RowsMac, gateway: Gateway): boolean {
  return rows.matches('row:gateway', gatewayContent(gateway), gateway.mac);
}

/** Whether the registry itself wrote the configuration row in its present form. */
export function isConfigGenuine(rows: RowsMac, config: GatewayConfig): boolean {
  return rows.matches('row:gateway-config', configContent(config), config.mac);
}

/**
 * Call it before anything is signed over a row, or the row is sealed again.
 * @throws LetheError `row_tampered` when somebody else changed the row
 */
export function requireGenuineGateway(rows: RowsMac, gateway: Gateway): void {
  if (!isGatewayGenuine(rows, gateway)) throw rowTampered(new TamperedRow('gateway', gateway.id));
}

/**
 * Like `requireGenuineGateway`, for a configuration row.
 * @throws LetheError `row_tampered`
 */
export function requireGenuineConfig(rows: RowsMac, config: GatewayConfig): void {
  if (isConfigGenuine(rows, config)) return;
  throw rowTampered(new TamperedRow('gateway', config.gatewayId), 'gateway_config');
}
