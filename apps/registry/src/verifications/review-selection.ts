import { LetheError } from '@lethe/platform';
import type { EntityManager } from '@mikro-orm/postgresql';
import { itemsOf, storableItems } from '../catalogue/catalogue-store.js';
import { type ChangeKind, changeKey } from '../catalogue/item-content.js';
import { changesOf, recordChanges } from '../changes/change-records.js';
import type { VerificationChange } from '../changes/verification-change.entity.js';
import type { Gateway } from '../gateways/gateway.entity.js';
import { changesSince } from './catalogue-applier.service.js';
import { stagedItems } from './staged-parts.js';
import type { Verification } from './verification.entity.js';

/** A decision about a result: which changes, and which version of the review it is about. */
export interface ReviewRequest {
  /** Id or slug of the gateway. */
  ref: string;
  vid: string;
  /** Absent for all that wait. */
  items?: { kind: ChangeKind; name: string }[] | undefined;
  ifMatch?: string | undefined;
}

/**
 * Requires that the verification is the newest result of its gateway, and that something of it is not served.
 * @throws LetheError `review_superseded`, `nothing_to_apply`
 */
export async function requireReview(em: EntityManager, gateway: Gateway, { id }: Verification): Promise<void> {
  if (gateway.reviewVid === id) return;
  const changes = await changesOf(em, id);
  // An older release of the registry leaves them as pending.
  const isSuperseded = changes.some(({ status }) => status !== 'served' && status !== 'applied');
  throw new LetheError(isSuperseded ? 'review_superseded' : 'nothing_to_apply');
}

/** The changes of a result under review. One that an older release of the registry holds for a review gets them now. */
export async function reviewedChanges(
  em: EntityManager,
  gateway: Gateway,
  verification: Verification,
): Promise<VerificationChange[]> {
  const { id, facts } = verification;
  const known = await changesOf(em, id);
  if (known.length > 0 || !facts) return known;
  const items = storableItems(await stagedItems(em, id)).kept;
  const isServing = gateway.servingVid === id;
  const found = await changesSince(em, gateway.servingVid, await itemsOf(em, gateway.id), { facts, items });
  const pending = found.filter(({ kind }) => kind !== 'server' || !isServing);
  await recordChanges(
    em,
    gateway.id,
    id,
    pending.map((change) => ({ ...change, status: 'pending' })),
  );
  return changesOf(em, id);
}

/**
 * The changes that a decision is about: those named, which may have been rejected before, or all that wait.
 * @throws LetheError `nothing_to_apply` when there are none, or when one that is named does not wait
 */
export function chosenChanges(
  all: readonly VerificationChange[],
  items: ReviewRequest['items'],
  mayBeRejected: boolean,
): VerificationChange[] {
  const isOpen = ({ status }: VerificationChange): boolean =>
    status === 'pending' || (mayBeRejected && items !== undefined && status === 'rejected');
  const open = new Map(all.filter(isOpen).map((change) => [changeKey(change), change]));
  const named = items?.map(({ kind, name }) => open.get(changeKey({ kind, own: name })));
  const chosen = new Set(named ?? open.values());
  if (chosen.size === 0 || chosen.has(undefined)) throw new LetheError('nothing_to_apply');
  return [...chosen].filter((change) => change !== undefined);
}
