import type { Credential } from '@lethe/contracts';
import { type Identity, sealCredential, SealingError, verifySlotOffer } from '@lethe/sealing';
import { CliError } from '../cli.error.js';
import type { VerificationAnswer } from '../registry/answers.js';

/** What the person meant: only for this is anything sealed. */
export interface Meant {
  gatewayId: string;
  /** Canonical URL. */
  url: string;
}

/**
 * Seals a credential for the slot that a verification offers, if the offer is signed by a trusted connector and is for
 * exactly the URL that the person meant. Throws `untrusted`; nothing has left this machine then.
 */
export async function sealForSlot(
  verification: VerificationAnswer,
  meant: Meant,
  credential: Credential,
  trusted: Identity[],
): Promise<string> {
  try {
    const offer = await verifySlotOffer(verification.slot?.offer ?? '', trusted, Math.floor(Date.now() / 1000));
    const isMeant = offer.aud === meant.url && offer.gatewayId === meant.gatewayId && offer.vid === verification.id;
    if (!isMeant)
      throw new CliError('untrusted', 'offer_for_another', 'The slot that was offered is for another upstream');
    return await sealCredential(offer, credential);
  } catch (error) {
    if (error instanceof SealingError) throw refused(error);
    throw error;
  }
}

function refused({ code, message }: SealingError): CliError {
  const notes = [message, ...(code === 'expired' ? ["Is this machine's clock right?"] : [])];
  return new CliError('untrusted', `offer_${code}`, 'The slot that was offered is not to be trusted', notes);
}
