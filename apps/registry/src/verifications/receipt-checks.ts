import {
  failureFacts,
  type GatewayVerificationFailed,
  type GatewayVerified,
  type OrderSubject,
  type ReceiptClaims,
  receiptFacts,
} from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';
import type { Verification } from './verification.entity.js';
import { isSameOrder } from './verification-order.js';

/** Why a result is not accepted, or changes nothing. */
export type ResultProblem =
  | 'receipt_invalid'
  | 'verification_unknown'
  | 'already_ended'
  | 'cancelled'
  | 'order_differs'
  | 'slot_differs'
  | 'receipt_differs'
  | 'superseded'
  | 'digest_differs'
  | 'receipt_older'
  | 'row_tampered';

/** Why a receipt does not belong to this order and slot; undefined when it does. */
export function receiptProblem(
  receipt: ReceiptClaims,
  verification: Verification,
  order: OrderSubject,
): ResultProblem | undefined {
  if (!isSameOrder(receipt.order, order)) return 'order_differs';
  const { connector, slot } = verification;
  // A handshake without a credential may end before its slot is stored here.
  const isNoted = typeof connector === 'string' && typeof slot === 'string';
  return isNoted && (receipt.connector !== connector || receipt.slot !== slot) ? 'slot_differs' : undefined;
}

/** Whether the event agrees with the receipt. The digest covers the rest of the catalogue. */
export function agreesWithReceipt(event: GatewayVerified, receipt: ReceiptClaims): boolean {
  return (
    receipt.outcome === 'verified' &&
    receipt.digest === event.digest &&
    canonicalJson(receipt.facts ?? null) === canonicalJson(receiptFacts(event.facts)) &&
    canonicalJson(receipt.counts ?? null) === canonicalJson(event.counts)
  );
}

/** Whether the event of a failure agrees with the receipt. */
export function failureAgreesWithReceipt(event: GatewayVerificationFailed, receipt: ReceiptClaims): boolean {
  const isSame = canonicalJson(receipt.failure ?? null) === canonicalJson(failureFacts(event) ?? null);
  return receipt.outcome === 'failed' && receipt.code === event.code && isSame;
}
