import type { ReceiptClaims } from '@lethe/contracts';
import { type Identity, SealingError, Trust } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import type { VerificationResponse } from '../registry/responses.js';
import type { IntendedUpstream } from './seal-for-slot.js';

/** A receipt whose signature was checked. */
export interface VerifiedReceipt {
  receipt: ReceiptClaims;
  /** Fingerprint of the key that signed it. */
  fingerprint: string;
}

/**
 * Reads the connector's receipt and checks it; undefined when the verification ended without one.
 * @throws CliError `receipt_invalid`
 */
export async function readReceipt(
  verification: VerificationResponse,
  intended: IntendedUpstream,
  trusted: Identity[],
): Promise<VerifiedReceipt | undefined> {
  if (!verification.receipt) return undefined;
  const { receipt, fingerprint } = await verified(verification.receipt, trusted);
  const { vid, url, gatewayId } = receipt.order;
  if (vid !== verification.id || url !== intended.url || gatewayId !== intended.gatewayId)
    throw invalid('It belongs to another verification');
  if (verification.state === 'verified' && receipt.outcome !== 'verified')
    throw invalid('It says that nothing was verified');
  return { receipt, fingerprint };
}

async function verified(jws: string, trusted: Identity[]): Promise<VerifiedReceipt> {
  for (const identity of trusted) {
    const trust = new Trust({ identities: { registry: [], connector: [identity] } });
    const receipt = await trust.verify<ReceiptClaims>('receipt', jws).catch((error: unknown) => {
      if (!(error instanceof SealingError)) throw error;
    });
    if (receipt) return { receipt, fingerprint: identity.fingerprint };
  }
  throw invalid('No trusted connector signed it');
}

function invalid(why: string): CliError {
  return new CliError('untrusted', 'receipt_invalid', "The connector's receipt is not valid", [why]);
}
