import { texts } from '../../text/text.js';

/** What to do about a handshake that failed, by its code; what is not here has the last of them. */
export const ADVICE = texts('advice', {
  credential_required: 'Find out what it asks for, and register it with that kind of credential.',
  credential_rejected: 'Check that it is the whole token, for this server, and not over. Then try again.',
  upstream_forbidden: 'The credential is known, but may not do this. Use one with more rights.',
  upstream_unreachable: 'Check the host and the port. The connector has to reach it, not this browser.',
  upstream_tls_failed: 'With an authority of your own, give the gateway its certificate (tlsCa).',
  upstream_redirected: 'Register the address that it redirects to.',
  upstream_reflects_credential: 'Rotate the credential: the server has shown it. Then tell whoever runs the server.',
  not_an_mcp_server: 'Check the path: it often ends in /mcp.',
  address_forbidden: 'Whoever runs this registry can allow it with LETHE_ALLOWED_UPSTREAMS.',
  token_endpoint_refused: 'Check the client ID and the secret.',
  token_not_bearer: 'Paste a token instead.',
  other: 'Try again. If it stays like this, the log of the connector says more.',
});

/** What a verification that succeeded warns of. */
export const WARNING = texts('warning', {
  era_failed: 'Only one era is served. The {era} era could not be verified: {why}',
  conditional_failed: 'Items for clients with certain capabilities may be missing in the {era} era: {why}',
  era_empty: 'It lists nothing in the {era} era, which is therefore not served.',
  catalogue_empty: 'It lists nothing at all.',
  schema_held_back: 'A schema that clients can not compile is held back; the tool is served: {pointer}',
  schemas_unchecked: 'Some schemas were too long to check whether clients can compile them.',
  hidden_text: 'Characters are hidden from people in {place}.',
  authorization_unknown: 'It is not known how people log in, or not at each authorization server.',
});

/** Why an item was left out. */
export const SKIPPED = texts('skipped', {
  malformed: 'malformed',
  name_illegal: 'its name is not allowed',
  duplicate: 'there are two of this name',
  too_deep: 'nested too deeply',
  too_large: 'too large',
  too_many: 'too many',
});
