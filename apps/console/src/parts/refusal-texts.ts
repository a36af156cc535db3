import type { Refusal } from '../sealing/sealing-refused.js';
import { texts } from '../text/text.js';

/** Why nothing is sealed, or a receipt is not believed. */
export const REFUSAL = texts<Refusal>('refusal', {
  signature_invalid: 'The signature is not valid. Somebody may have changed it on its way.',
  type_wrong: 'What came is signed for something else.',
  key_unknown: 'It is signed with a key that is not trusted here.',
  key_retired: 'It is signed with a key that had been retired before.',
  claims_malformed: 'What is signed is not as it must be.',
  expired: 'The offer is over already. Check the clock of this machine.',
  other_upstream: 'The offer is for another server than the one you see here. Somebody may be in between.',
  fingerprint_wrong: 'A key of the connectors is not the one that its fingerprint names.',
  no_connector: 'The registry has no connector key.',
  credential_malformed: 'The credential can not be sent as it is.',
  receipt_of_another: 'The receipt belongs to another verification.',
  receipt_contradicts: 'The receipt says something else about the outcome than the registry does.',
});
