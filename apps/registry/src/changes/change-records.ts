import type { EntityManager } from '@mikro-orm/postgresql';
import { changeKey, contentDigest, type ItemContent } from '../catalogue/item-content.js';
import { type DecidedChange, REMOVAL } from './decide-changes.js';
import { ItemVersion } from './item-version.entity.js';
import { RejectedItem } from './rejected-item.entity.js';
import { VerificationChange } from './verification-change.entity.js';

/** Stores what a verification changed. A definition that was stored before is not stored again. */
export async function recordChanges(
  em: EntityManager,
  gatewayId: string,
  vid: string,
  changes: readonly DecidedChange[],
): Promise<void> {
  const versions = new Map<string, ItemContent>();
  const digestOf = (content: ItemContent | undefined): string | null => {
    if (content === undefined) return null;
    const digest = contentDigest(content);
    versions.set(digest, content);
    return digest;
  };
  const rows = changes.map(({ kind, own, change, status, before, after }, ordinal) => ({
    ...{ vid, ordinal, gatewayId, kind, own, change, status, decidedAt: null },
    beforeDigest: digestOf(before),
    afterDigest: digestOf(after),
  }));
  if (rows.length === 0) return;
  const contents = [...versions].map(([digest, content]) => ({ gatewayId, digest, content }));
  await em.upsertMany(ItemVersion, contents, {
    onConflictFields: ['gatewayId', 'digest'],
    onConflictAction: 'ignore',
  });
  await em.insertMany(VerificationChange, rows);
}

/** The changes of a verification, in order. */
export function changesOf(em: EntityManager, vid: string): Promise<VerificationChange[]> {
  return em.find(VerificationChange, { vid }, { orderBy: { ordinal: 'asc' } });
}

/** Digests of what was rejected last of each item of a gateway, by its key. */
export async function rejectedDigests(em: EntityManager, gatewayId: string): Promise<Map<string, string>> {
  const rows = await em.find(RejectedItem, { gatewayId });
  return new Map(rows.map((row) => [changeKey(row), row.digest]));
}

/** Remembers rejections, and forgets those of items that are accepted. */
export async function rememberDecisions(
  em: EntityManager,
  changes: readonly VerificationChange[],
  isRejected: boolean,
): Promise<void> {
  const [first] = changes;
  if (first === undefined) return;
  if (!isRejected) {
    const known = await rejectedDigests(em, first.gatewayId);
    for (const { gatewayId, kind, own } of changes.filter((change) => known.has(changeKey(change)))) {
      await em.nativeDelete(RejectedItem, { gatewayId, kind, own });
    }
    return;
  }
  const rows = changes.map(({ gatewayId, kind, own, afterDigest }) => {
    return { gatewayId, kind, own, digest: afterDigest ?? REMOVAL, rejectedAt: new Date() };
  });
  await em.upsertMany(RejectedItem, rows, { onConflictFields: ['gatewayId', 'kind', 'own'] });
}

/** Marks what still waited for a review of a verification: a newer result takes its place. */
export async function supersedePending(em: EntityManager, vid: string): Promise<void> {
  await em.nativeUpdate(VerificationChange, { vid, status: 'pending' }, { status: 'superseded' });
}
