import type { Credential } from '@lethe/contracts';
import { type Identity, sealCredential, SealingError, verifySlotOffer } from '@lethe/sealing';
import { CliError } from '../errors/cli.error.js';
import type { VerificationResponse } from '../registry/responses.js';

/** The upstream that the user means. A credential is sealed only for it. */
export interface IntendedUpstream {
  gatewayId: string;
  /** Canonical URL. */
  url: string;
}

/**
 * Seals a credential for the offered slot, if a trusted connector signed the offer for exactly the URL that the user
 * means. Nothing leaves this machine otherwise.
 * @throws CliError of the kind `untrusted`
 */
export async function sealForSlot(
  verification: VerificationResponse,
  intended: IntendedUpstream,
  credential: Credential,
  trusted: Identity[],
): Promise<string> {
  try {
    const offer = await verifySlotOffer(verification.slot?.offer ?? '', trusted, Math.floor(Date.now() / 1000));
    const isIntended =
      offer.aud === intended.url && offer.gatewayId === intended.gatewayId && offer.vid === verification.id;
    if (!isIntended) throw new CliError('untrusted', 'offer_for_another', 'The offered slot is for another upstream');
    return await sealCredential(offer, credential);
  } catch (error) {
    if (error instanceof SealingError) throw refused(error);
    throw error;
  }
}

function refused({ code, message }: SealingError): CliError {
  const notes = [message, ...(code === 'expired' ? ['Check the clock of this machine.'] : [])];
  return new CliError('untrusted', `offer_${code}`, 'The offered slot is not trusted', notes);
}
