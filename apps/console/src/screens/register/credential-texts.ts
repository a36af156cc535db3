import { texts } from '../../text/text.js';

/** Texts of the step in which a credential is typed and sealed. */
export const CREDENTIAL = texts('credential', {
  verifyTitle: 'Verify {name}',
  verifyLead:
    'One handshake shows what the server offers now. The credential is sealed in this page, used once, and dropped.',
  title: 'Credential',
  goesTo: 'It goes to',
  nowhereElse: 'and to nothing else. Compare it with the server that you mean.',
  opening: 'Reserving a one-time process…',
  begin: 'Reserve a slot',
  beginText:
    'A slot is a one-time process that can open what is sealed for it. It waits for a minute at most, so have the credential at hand.',
  beginNone: 'Verify',
  beginNoneText: 'This server wants no credential, so the handshake can run at once.',
  offerGood: 'The offer of the slot is signed by a connector that this browser knows, for exactly this URL.',
  key: 'Connector key',
  keyLong: 'The whole fingerprint',
  firstUse:
    'First use in this browser: this key is remembered, and no other is accepted from now on. To be sure that nobody is in between, compare it with what this prints on the machine of the registry:',
  changedTitle: "The key of this registry's connectors has changed",
  changed:
    'It was rotated, this is another installation, or somebody is in between. Nothing is sealed before you have compared it with what this prints on the machine of the registry:',
  changedKnown: 'Known from before',
  changedShown: 'Shown now',
  compared: 'I compared it: trust the one shown now',
  token: 'Bearer token',
  tokenHint: 'Only the token. The word Bearer before it is understood, too.',
  way: 'What you have',
  way_token: 'A token',
  way_client: 'OAuth client credentials',
  username: 'User name',
  password: 'Password',
  tokenUrl: 'Token endpoint',
  tokenUrlHint: 'https. The client secret is sent there alone, and the token to the server.',
  clientId: 'Client ID',
  clientSecret: 'Client secret',
  scope: 'Scope',
  scopeHint: 'Words separated by spaces; may be empty.',
  header: 'Value of {name}',
  headerScheme: 'With its scheme, as: Bearer <token>',
  query: 'Value of the query parameter {name}',
  optional: 'May be empty; then it is not sent.',
  show: 'Show what I type',
  empty: 'This is needed.',
  basic_pasted: 'This is a user name and password (Basic). Go back, and choose that for this server.',
  malformed:
    'The server could not get this: visible ASCII characters without spaces around them, a token without any, 8 KiB at most; URLs of token endpoints with https.',
  submit: 'Seal and verify',
  sending: 'Sealing and sending…',
  honest:
    'The field is emptied when it is sent. A page can not wipe its memory: until you close this tab, a copy may be left in it.',
  left: 'The slot waits {seconds, plural, one {# more second} other {# more seconds}}.',
  movedTitle: 'The URL of this server was changed',
  moved:
    'Somebody has changed it while you typed, and nothing was sent. Look at the URL above: take a new slot if what you typed is ' +
    'for it.',
  overTitle: 'The slot has ended',
  over: 'Nothing was sent. What you typed is still in the field, and has not left this page.',
  renew: 'Take a new slot',
  leave: 'Give up',
  refusedTitle: 'Nothing was sent',
  again: 'Try again',
  insecureTitle: 'This page can not seal a credential',
  insecure:
    'The browser seals only on pages that come over https, or from this machine. There is no other way to send one from here. Use the command:',
  algorithms: 'This browser has no Ed25519 or X25519. Use a newer one, or the command:',
});
