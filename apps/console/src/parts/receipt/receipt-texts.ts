import { texts } from '../../text/text.js';

/** Texts of receipts. */
export const RECEIPT = texts('receipt', {
  open: 'Receipt',
  title: 'Receipt of attempt {attempt}',
  valid: 'The signature is right',
  validWhy: 'This page has checked it with the key of the connector that is named below.',
  invalid: 'This receipt proves nothing',
  signature: 'The signature is not right.',
  key_unknown: 'No connector that the registry knows has signed it.',
  fingerprint: 'The registry shows the key that has signed it with the fingerprint of another key.',
  other_verification: 'It belongs to another verification.',
  outcome: 'It says something else about the outcome than the registry does.',
  unsupported: 'This browser cannot check Ed25519 signatures here. {command} checks the receipts of a verification.',
  happened: 'What happened to the credential',
  opened:
    'A process that lived for this one handshake opened the credential, if there was one. It {how} at {time}, and the credential with it.',
  exited: 'ended by itself',
  killed: 'was ended',
  sent: 'It may have gone to {origins}, in {requests, plural, one {# request} other {# requests}}, and nowhere else.',
  nowhere: 'It went nowhere: no connection was made.',
  not_stored: 'This handshake stored it nowhere.',
  url: 'URL',
  when: 'When',
  lasted: '{time}, for {ms} ms',
  discovery: 'Asked before, without the credential',
  asked: '{origins}: {requests, plural, one {# request} other {# requests}}',
  connector: 'Connector',
  key: 'Key of the connector',
  digest: 'Digest of the items',
  download: 'Download the receipt',
  raw: 'Signed receipt (JWS)',
});
