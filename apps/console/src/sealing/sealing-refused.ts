/** Why nothing is sealed, or a receipt is not believed. */
export type Refusal =
  | 'signature_invalid'
  | 'type_wrong'
  | 'key_unknown'
  | 'key_retired'
  | 'claims_malformed'
  | 'expired'
  | 'other_upstream'
  | 'fingerprint_wrong'
  | 'no_connector'
  | 'credential_malformed'
  | 'receipt_of_another'
  | 'receipt_contradicts';

/** Something that the registry has passed on is not as it must be. Nothing leaves the page. It holds no value. */
export class SealingRefused extends Error {
  override readonly name = 'SealingRefused';

  constructor(readonly why: Refusal) {
    super(why);
  }
}
