import type { ReceiptClaims } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { type ConnectorKey, verifyClaims } from './connector-key.js';
import { SealingRefused } from './sealing-refused.js';
import type { Intended } from './slot-offer.js';

/** What of a receipt the page shows. */
export type Receipt = Pick<
  ReceiptClaims,
  | 'order'
  | 'outcome'
  | 'connector'
  | 'slot'
  | 'origins'
  | 'requests'
  | 'discovery'
  | 'startedAt'
  | 'finishedAt'
  | 'slotEnd'
>;

/**
 * Checks the receipt of a verification: signed by a trusted connector, for exactly this verification and URL.
 * @returns what it says, and the fingerprint of the key that signed it
 * @throws SealingRefused
 */
export async function verifyReceipt(
  jws: string,
  keys: readonly ConnectorKey[],
  intended: Intended,
  isVerified: boolean,
): Promise<{ receipt: Receipt; fingerprint: string }> {
  const { claims, fingerprint } = await verifyClaims('receipt', jws, keys);
  if (!isReceipt(claims)) throw new SealingRefused('claims_malformed');
  const { vid, url, gatewayId } = claims.order;
  const isOfThis = vid === intended.vid && url === intended.url && gatewayId === intended.gatewayId;
  if (!isOfThis || (isVerified && claims.outcome !== 'verified')) throw new SealingRefused('receipt_of_another');
  return { receipt: claims, fingerprint };
}

function isReceipt(claims: object): claims is Receipt {
  if (!isObject(claims)) return false;
  const { order, slotEnd, origins, requests, discovery } = claims;
  const texts = ['outcome', 'connector', 'slot', 'startedAt', 'finishedAt'];
  const isTrace = isObject(discovery) && isTexts(discovery['origins']) && Number.isSafeInteger(discovery['requests']);
  return (
    texts.every((member) => typeof claims[member] === 'string') &&
    isObject(order) &&
    isObject(slotEnd) &&
    typeof slotEnd['how'] === 'string' &&
    typeof slotEnd['at'] === 'string' &&
    isTexts(origins) &&
    Number.isSafeInteger(requests) &&
    (discovery === undefined || isTrace)
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
