import { texts } from '../../text/text.js';

/** Texts of receipts. */
export const RECEIPT = texts('receipt', {
  open: 'Receipt',
  title: 'Receipt of attempt {attempt}',
  valid: 'The signature is right',
  validWhy: 'This page has checked it with the key of the connector that is named below.',
  invalid: 'This receipt proves nothing',
  other_key:
    'This browser remembers other keys of the connectors. The key below may be one of before: compare its fingerprint over another way.',
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
