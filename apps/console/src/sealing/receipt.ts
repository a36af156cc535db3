import type { ReceiptClaims } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { type ConnectorKey, verifyClaims } from './connector-key.js';
import { SealingRefused } from './sealing-refused.js';

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
  | 'digest'
>;

/** The verification that a receipt has to be of. */
export interface ReceiptSubject {
  vid: string;
  gatewayId: string;
  /** Canonical URL, where the person saw it; a gateway may have got another one since an older verification. */
  url?: string;
  /** What the registry says of its outcome. */
  isVerified: boolean;
}

/**
 * Checks the receipt of a verification: signed by a trusted connector, for exactly this verification (and URL), with the
 * outcome that the registry tells.
 * @returns what it says, and the fingerprint of the key that signed it
 * @throws SealingRefused
 */
export async function verifyReceipt(
  jws: string,
  keys: readonly ConnectorKey[],
  subject: ReceiptSubject,
): Promise<{ receipt: Receipt; fingerprint: string }> {
  const { claims, fingerprint } = await verifyClaims('receipt', jws, keys);
  if (!isReceipt(claims)) throw new SealingRefused('claims_malformed');
  const { vid, url, gatewayId } = claims.order;
  const isUrl = subject.url === undefined || url === subject.url;
  if (vid !== subject.vid || gatewayId !== subject.gatewayId || !isUrl) throw new SealingRefused('receipt_of_another');
  if ((claims.outcome === 'verified') !== subject.isVerified) throw new SealingRefused('receipt_contradicts');
  return { receipt: claims, fingerprint };
}

function isReceipt(claims: object): claims is Receipt {
  if (!isObject(claims)) return false;
  const { order, slotEnd, origins, requests, discovery, digest } = claims;
  const texts = ['outcome', 'connector', 'slot', 'startedAt', 'finishedAt'];
  const isTrace = isObject(discovery) && isTexts(discovery['origins']) && Number.isSafeInteger(discovery['requests']);
  return (
    texts.every((member) => typeof claims[member] === 'string') &&
    isObject(order) &&
    isObject(slotEnd) &&
    (slotEnd['how'] === 'exited' || slotEnd['how'] === 'killed') &&
    typeof slotEnd['at'] === 'string' &&
    isTexts(origins) &&
    Number.isSafeInteger(requests) &&
    (discovery === undefined || isTrace) &&
    (digest === undefined || typeof digest === 'string')
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
