import { BUCKETS, type KeptEntry } from '@lethe/contracts';
import { forgetMessages, nextRevision, recordSnapshot } from '@lethe/persistence';
import type { RowsMac, Trust } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { REGISTRY } from '../audit/trail/actor.js';
import { requestScope } from '../audit/trail/request-scope.js';
import { KeptCredential } from './kept-credential.entity.js';

function keptContent(row: KeptCredential): object {
  const { gatewayId, keptRevision, configRevision, sealed, expiresAt, keptAt, keptBy } = row;
  const { kind, id, name, role } = keptBy;
  return {
    ...{ gatewayId, keptRevision, configRevision, sealed: sealed ?? null, keptBy: { kind, id, name, role } },
    ...{ expiresAt: expiresAt.toISOString(), keptAt: keptAt.toISOString() },
  };
}

/** Sets the row's authentication code. Call it last. */
export function sealKeptRow(rows: RowsMac, row: KeptCredential): void {
  row.mac = rows.tag('row:kept-credential', keptContent(row));
}

/** Whether the registry itself wrote the row in its present form. */
export function isKeptGenuine(rows: RowsMac, row: KeptCredential): boolean {
  return rows.matches('row:kept-credential', keptContent(row), row.mac);
}

/**
 * Whether the row is as new as what was published of it: earlier rows, put back by somebody else, are genuine too. Nothing is known
 * where the published state was deleted.
 */
export async function isKeptNewest(em: EntityManager, trust: Trust, row: KeptCredential): Promise<boolean> {
  const [published] = await em.execute<{ value: string }[]>(
    'select value from published_snapshot where bucket = ? and key = ?',
    [BUCKETS.kept, row.gatewayId],
  );
  const entry = published && (await trust.verify<KeptEntry>('kept', published.value).catch(() => undefined));
  return entry?.gatewayId !== row.gatewayId || entry.keptRevision <= row.keptRevision;
}

/** Publishes what is kept for a gateway now, or that nothing is. Call `lockPublishing` first. */
export async function publishKept(em: EntityManager, trust: Trust, row: KeptCredential): Promise<void> {
  const { gatewayId, keptRevision } = row;
  const revision = await nextRevision(em);
  const entry: KeptEntry = { gatewayId, keptRevision, sealed: row.sealed ?? null, revision };
  const value = await trust.registrySigner().sign('kept', entry, new Date());
  await recordSnapshot(em, { bucket: BUCKETS.kept, key: gatewayId, value, revision });
}

/**
 * Deletes the ciphertext of a gateway and publishes that, also if somebody else changed the row: it allows nothing. The row says
 * who did it.
 * @returns whether there was any
 */
export async function deleteKept(em: EntityManager, trust: Trust, gatewayId: string): Promise<boolean> {
  const row = await em.findOne(KeptCredential, { gatewayId });
  const isGone = typeof row?.sealed !== 'string';
  // Somebody else may have emptied the row, so that proxies would keep what they have.
  if (row === null || (isGone && isKeptGenuine(trust.rowsMac(), row))) return false;
  const keptBy = requestScope()?.actor ?? REGISTRY;
  em.assign(row, { sealed: null, keptRevision: row.keptRevision + 1, keptBy, keptAt: new Date() });
  sealKeptRow(trust.rowsMac(), row);
  await em.flush();
  await forgetMessages(em, BUCKETS.kept, gatewayId);
  await publishKept(em, trust, row);
  return true;
}
