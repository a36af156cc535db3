import { isDeepStrictEqual } from 'node:util';
import type { OrderSubject } from '@lethe/contracts';
import type { Stamped } from './claims.js';

/** The members of a receipt that decide its age: when it was signed (epoch seconds), and which attempt it reports. */
export interface ReceiptAge extends Stamped {
  order: Pick<OrderSubject, 'attempt'>;
}

/** The members of an order that decide which credential is sent where. */
export type ReceiptTarget = Pick<OrderSubject, 'slug' | 'url' | 'mappings' | 'configRevision'>;

/** Whether a receipt is older than another one of the same gateway: by its time, and within one second by its attempt. */
export function isOlder(receipt: ReceiptAge, than: ReceiptAge): boolean {
  return receipt.iat === than.iat ? receipt.order.attempt < than.order.attempt : receipt.iat < than.iat;
}

/**
 * Whether two receipts allow the same credentials to be sent to the same target. URL and mappings decide the target. The
 * slug decides the credential: callers send it in `X-Upstream-<slug>-...`, so under another slug the same URL would receive
 * the credential of another gateway. A receipt that is not the newest one is accepted only if this is true.
 */
export function isSameTarget(one: ReceiptTarget, other: ReceiptTarget): boolean {
  return (
    one.slug === other.slug &&
    one.url === other.url &&
    one.configRevision === other.configRevision &&
    isDeepStrictEqual(one.mappings, other.mappings)
  );
}
