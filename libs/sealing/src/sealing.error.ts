/** All errors of signatures, sealed data and trust keys. Messages are fixed texts. */
export const SEALING_FAILURES = {
  signature_invalid: 'The signature is not valid',
  type_wrong: 'The signature is of another type than expected',
  key_unknown: 'The signing key is not trusted here',
  key_retired: 'The signing key is retired',
  claims_malformed: 'The signed claims are malformed',
  expired: 'It has expired',
  envelope_invalid: 'The sealed credential was not made for this slot, URL and verification',
  envelope_expired: 'The sealed credential has expired',
  credential_malformed: 'The credential in the envelope is malformed',
  kept_unbound: 'The kept credential was sealed for something else; see the member of its header',
  kept_key_unknown: 'The kept credential was sealed for a key that is not here',
  scheme_unsupported: 'The credential in the envelope has an unsupported scheme',
  not_canonical: 'The value has no canonical JSON form (a number or a string is not interchangeable)',
  trust_exists: 'The trust folder already has keys; nothing was written',
  trust_missing: 'A file is missing in the trust folder',
  trust_malformed: 'A file of the trust folder is malformed',
  trust_inconsistent: 'A private key of the trust folder is not active in trust.json; rotate that role',
  role_unknown: 'The trust role is unknown',
} as const;

/** Code of a failure. */
export type SealingFailure = keyof typeof SEALING_FAILURES;

/** The only error class of this lib. `subject` names a file or a role, never a value. */
export class SealingError extends Error {
  override readonly name = 'SealingError';

  constructor(
    readonly code: SealingFailure,
    readonly subject?: string,
  ) {
    super(subject === undefined ? SEALING_FAILURES[code] : `${SEALING_FAILURES[code]}: ${subject}`);
  }
}
