/** The closed list of ways in which something signed, sealed or kept in trust fails. Messages are fixed texts. */
export const SEALING_FAILURES = {
  signature_invalid: 'The signature does not hold',
  type_wrong: 'It is signed, but as another kind of thing',
  key_unknown: 'It names a key that is not trusted here',
  key_retired: 'Its key was retired before it was signed',
  claims_malformed: 'The signed claims do not have their form',
  expired: 'It has expired',
  envelope_invalid: 'The sealed credential was not made for this slot, URL and verification',
  envelope_expired: 'The sealed credential has expired',
  credential_malformed: 'The credential inside does not have its form',
  scheme_unsupported: 'The credential inside has a scheme that is not supported',
  not_canonical: 'The value has no canonical JSON form (a number or a string is not interchangeable)',
  trust_exists: 'The trust folder already has keys; nothing was written',
  trust_missing: 'The trust folder lacks a file',
  trust_malformed: 'A file of the trust folder does not have its form',
  trust_inconsistent: 'A private key of the trust folder is not active in trust.json; rotate that role',
  role_unknown: 'There is no such trust role',
} as const;

export type SealingFailure = keyof typeof SEALING_FAILURES;

/** The one error of this lib. `subject` names a file or a role, never a value. */
export class SealingError extends Error {
  override readonly name = 'SealingError';

  constructor(
    readonly code: SealingFailure,
    readonly subject?: string,
  ) {
    super(subject === undefined ? SEALING_FAILURES[code] : `${SEALING_FAILURES[code]}: ${subject}`);
  }
}
