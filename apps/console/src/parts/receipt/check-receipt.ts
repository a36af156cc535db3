import { CLAIM_TYPES, type ReceiptClaims } from '@lethe/contracts';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import type { ConnectorKey, Verification } from '../../api/gateway-verifications.js';

/** A receipt whose signature was checked in this page. */
export interface CheckedReceipt {
  receipt: ReceiptClaims;
  /** Of the key that signed it (RFC 7638), computed here: the registry's own statement is not trusted. */
  fingerprint: string;
}

/** Why a receipt proves nothing. */
export type ReceiptProblem = 'signature' | 'key_unknown' | 'fingerprint' | 'other_verification' | 'outcome';

/** A receipt is not what its verification says. */
export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
  constructor(readonly problem: ReceiptProblem) {
    super(problem);
  }
}

/**
 * Checks the receipt of a verification: an EdDSA signature (RFC 8037) of a key of the connectors, for this verification.
 * @throws ReceiptError
 */
export async function checkReceipt(
  jws: string,
  { id, gatewayId, state }: Pick<Verification, 'id' | 'gatewayId' | 'state'>,
  keys: readonly ConnectorKey[],
): Promise<CheckedReceipt> {
  const key = signerOf(jws, keys);
  const jwk = { kty: key.jwk.kty, crv: key.jwk.crv, x: key.jwk.x };
  const fingerprint = await calculateJwkThumbprint(jwk);
  if (fingerprint !== key.fingerprint) throw new ReceiptError('fingerprint');
  const publicKey = await importJWK(jwk, 'EdDSA');
  const { payload } = await compactVerify(jws, publicKey, { algorithms: ['EdDSA'] }).catch(() => {
    throw new ReceiptError('signature');
  });
  const receipt: unknown = JSON.parse(new TextDecoder().decode(payload));
  if (!isReceipt(receipt) || isTooLate(receipt, key)) throw new ReceiptError('signature');
  if (receipt.order.vid !== id || receipt.order.gatewayId !== gatewayId) throw new ReceiptError('other_verification');
  if ((receipt.outcome === 'verified') !== (state === 'verified')) throw new ReceiptError('outcome');
  return { receipt, fingerprint };
}

/** The key that a receipt names. Its header has nothing that would let another kind of signature pass for a receipt. */
function signerOf(jws: string, keys: readonly ConnectorKey[]): ConnectorKey {
  const header = headerOf(jws);
  const isExact = Object.keys(header).toSorted().join() === 'alg,kid,typ';
  if (!isExact || header.alg !== 'EdDSA' || header.typ !== CLAIM_TYPES.receipt) throw new ReceiptError('signature');
  const key = keys.find(({ kid }) => kid === header.kid);
  if (key === undefined) throw new ReceiptError('key_unknown');
  return key;
}

function headerOf(jws: string): { alg?: string; kid?: string; typ?: string } {
  try {
    return decodeProtectedHeader(jws);
  } catch {
    throw new ReceiptError('signature');
  }
}

/** A key signs nothing after it was retired. */
function isTooLate({ iat }: Signed, { state, retiredAt }: ConnectorKey): boolean {
  if (state === 'active') return false;
  return retiredAt === undefined || iat >= Math.floor(Date.parse(retiredAt) / 1_000);
}

interface Signed extends ReceiptClaims {
  /** Epoch seconds. */
  iat: number;
}

const MEMBERS = ['iat', 'order', 'outcome', 'connector', 'origins', 'requests', 'startedAt', 'finishedAt', 'slotEnd'];

/** A connector writes all of these in each receipt. */
function isReceipt(value: unknown): value is Signed {
  return typeof value === 'object' && value !== null && MEMBERS.every((member) => member in value);
}
