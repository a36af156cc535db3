import { isDeepStrictEqual } from 'node:util';
import type { OrderSubject } from '@lethe/contracts';
import type { Stamped } from './claims.js';

/** What of a receipt decides its age: when it was signed (epoch seconds), and which attempt it reports. */
export interface ReceiptAge extends Stamped {
  order: Pick<OrderSubject, 'attempt'>;
}

/** The members of an order that decide where whose credential goes. */
export type ReceiptTarget = Pick<OrderSubject, 'slug' | 'url' | 'mappings' | 'configRevision'>;

/** Whether a receipt is older than another of the same gateway: by the connector's clock, within one second by the attempt. */
export function isOlder(receipt: ReceiptAge, than: ReceiptAge): boolean {
  return receipt.iat === than.iat ? receipt.order.attempt < than.order.attempt : receipt.iat < than.iat;
}

/**
 * Whether two receipts send the same credentials to the same place. The URL and the mappings say where to; the slug says
 * whose: callers bring a gateway's credential in `X-Upstream-<slug>-...`, so under another slug the same URL would receive
 * what was meant for another gateway. A receipt that is not the newest one counts only if this holds.
 */
export function isSameTarget(one: ReceiptTarget, other: ReceiptTarget): boolean {
  return (
    one.slug === other.slug &&
    one.url === other.url &&
    one.configRevision === other.configRevision &&
    isDeepStrictEqual(one.mappings, other.mappings)
  );
}
