import type { PassthroughMapping, Transport } from '@lethe/contracts';
import { canonicalJson, type RowsMac } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { GatewayConfig } from './gateway-config.entity.js';
import type { Gateway } from './gateway.entity.js';
import { configOf, wantedRevision } from './gateway-rows.js';
import { configMac, requireGenuineConfig } from './gateway-seal.js';

/** The fields of a configuration. A change to any of them serves only after a verification. */
export interface ConfigContent {
  url: string;
  transport: Transport;
  mappings: PassthroughMapping[];
  tlsCa: string | null;
}

const contentOf = ({ url, transport, mappings, tlsCa }: GatewayConfig): ConfigContent => ({
  url,
  transport,
  mappings,
  tlsCa: tlsCa ?? null,
});

const isSame = (a: ConfigContent, b: ConfigContent): boolean => canonicalJson(a) === canonicalJson(b);

/** Writes a configuration row with its authentication code. */
export function addConfig(
  em: EntityManager,
  rows: RowsMac,
  id: string,
  revision: number,
  content: ConfigContent,
): void {
  const row = { gatewayId: id, revision, ...content };
  em.create(GatewayConfig, { ...row, mac: configMac(rows, row), createdAt: new Date() });
}

async function nextRevisionOf(em: EntityManager, gateway: Gateway): Promise<number> {
  const [last] = await em.find(GatewayConfig, { gatewayId: gateway.id }, { orderBy: { revision: 'desc' }, limit: 1 });
  return (last?.revision ?? 0) + 1;
}

/**
 * Stores a change as the pending configuration of a gateway, which the caller has locked and checked. A change back to
 * the serving configuration removes the pending one; a change that alters nothing is ignored.
 * @returns whether it altered something
 */
export async function changeConfig(
  em: EntityManager,
  rows: RowsMac,
  gateway: Gateway,
  change: Partial<ConfigContent>,
): Promise<boolean> {
  const latest = await configOf(em, gateway, wantedRevision(gateway));
  requireGenuineConfig(rows, latest);
  const content = { ...contentOf(latest), ...change };
  if (isSame(content, contentOf(latest))) return false;
  const { currentRevision } = gateway;
  const current = typeof currentRevision === 'number' ? await configOf(em, gateway, currentRevision) : undefined;
  if (current !== undefined && isSame(content, contentOf(current))) {
    gateway.pendingRevision = null;
    return true;
  }
  const revision = await nextRevisionOf(em, gateway);
  addConfig(em, rows, gateway.id, revision, content);
  gateway.pendingRevision = revision;
  return true;
}
