import type { ReceiptClaims } from '@lethe/contracts';
import { type Identity, SealingError, Trust } from '@lethe/sealing';
import { CliError } from '../cli.error.js';
import type { VerificationAnswer } from '../registry/answers.js';
import type { Meant } from './seal-for-slot.js';

export interface VerifiedReceipt {
  receipt: ReceiptClaims;
  /** Of the key that signed it. */
  fingerprint: string;
}

/** What the connector signed of its handshake; undefined when the verification ended without one. Throws `untrusted`. */
export async function readReceipt(
  verification: VerificationAnswer,
  meant: Meant,
  trusted: Identity[],
): Promise<VerifiedReceipt | undefined> {
  if (!verification.receipt) return undefined;
  const { receipt, fingerprint } = await verified(verification.receipt, trusted);
  const { vid, url, gatewayId } = receipt.order;
  if (vid !== verification.id || url !== meant.url || gatewayId !== meant.gatewayId)
    throw invalid('It is of another one');
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
  return new CliError('untrusted', 'receipt_invalid', "The connector's receipt does not hold", [why]);
}
