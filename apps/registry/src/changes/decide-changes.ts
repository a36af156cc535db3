import { hiddenInValue, hidesSomething } from '@lethe/mcp';
import { changeKey, contentDigest, type ItemChange } from '../catalogue/item-content.js';
import { movesLogins } from './server-content.js';
import type { ChangeStatus } from './verification-change.entity.js';

/**
 * Why a result waits for a review: `drift`, it differs from the one before and the gateway asks for that; `hidden_text`, its
 * texts hide characters from people; `authorization_server_changed`, the resource or the issuers differ for which people log in.
 */
export const REVIEW_REASONS = ['drift', 'hidden_text', 'authorization_server_changed'] as const;
/** One of `REVIEW_REASONS`. */
export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** In place of the digest of a definition: that the item is gone. */
export const REMOVAL = 'removed';

/** A change, and what becomes of it. */
export interface DecidedChange extends ItemChange {
  status: ChangeStatus;
}

/** What decides about the changes of a new result. */
export interface ReviewRules {
  /** Whether a result of this gateway serves already. */
  serves: boolean;
  /** What the gateway asks for. */
  drift: 'auto' | 'review';
  /** Digests of what was rejected last, by the key of the item. */
  rejected: ReadonlyMap<string, string>;
  /** Keys of items of which the connector says that they hide something. */
  hiding: ReadonlySet<string>;
}

/** What a change leads to, as rejections remember it. */
export function digestOfChange({ after }: Pick<ItemChange, 'after'>): string {
  return after === undefined ? REMOVAL : contentDigest(after);
}

/**
 * Decides what becomes of each change, and why the others wait, if they do. What was rejected stays rejected. Of a result
 * that hides something from people, or sends their logins elsewhere, everything new waits.
 */
export function decideChanges(
  changes: readonly ItemChange[],
  { serves, drift, rejected, hiding }: ReviewRules,
): { changes: DecidedChange[]; review: ReviewReason | undefined } {
  const isRejected = new Set(changes.filter((each) => rejected.get(changeKey(each)) === digestOfChange(each)));
  const open = changes.filter((each) => !isRejected.has(each));
  const isHiding = open.some((each) => hiding.has(changeKey(each)) || hides(each));
  // Without what the upstream says of itself, nothing of a first result can serve.
  const isHeldBack = !serves && [...isRejected].some(({ kind }) => kind === 'server');
  const waits = (drift === 'review' && serves) || isHeldBack;
  const isMoved = serves && open.some(movesLogins);
  const reason = isHiding ? 'hidden_text' : isMoved ? 'authorization_server_changed' : waits ? 'drift' : undefined;
  const status = reason === undefined ? 'served' : 'pending';
  return {
    changes: changes.map((each) => ({ ...each, status: isRejected.has(each) ? 'rejected' : status })),
    review: open.length > 0 ? reason : undefined,
  };
}

function hides({ after }: ItemChange): boolean {
  return after !== undefined && hidesSomething(hiddenInValue({ ...after }));
}
