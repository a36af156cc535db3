import { texts } from '../../text/text.js';

/** Why a handshake ended without a catalogue, and what to do about it. */
export const HANDSHAKE = texts('handshake', {
  credential_required: 'The server asks for a credential, and none was sent.',
  credential_rejected: 'The server rejected the credential (401).',
  upstream_forbidden: 'The server does not allow this access (403).',
  upstream_unreachable: 'The server could not be reached.',
  upstream_tls_failed: 'There was no TLS connection: its certificate is not valid, or it does not speak TLS.',
  upstream_timeout: 'The server took too long.',
  upstream_redirected: 'The server redirects to another address.',
  upstream_closed: 'The server closed the connection too early.',
  upstream_http_error: 'The server answered with an HTTP error.',
  upstream_protocol_error: 'The server broke the MCP protocol.',
  upstream_too_large: 'The server sent more than is allowed.',
  upstream_reflects_credential: 'The server repeated the credential in its answer. Nothing of it was kept.',
  not_an_mcp_server: 'There is no MCP server at this URL.',
  address_forbidden: 'The name of the server leads to an address that is not allowed.',
  envelope_invalid: 'The sealed credential could not be opened.',
  envelope_expired: 'The sealed credential arrived too late.',
  credential_malformed: 'The credential is malformed.',
  scheme_unsupported: 'This kind of credential is not supported.',
  handshake_crashed: 'The one-time process crashed.',
  token_endpoint_forbidden: 'The token endpoint is at an address that is not allowed. Nothing was sent there.',
  token_endpoint_unreachable: 'The token endpoint could not be reached.',
  token_endpoint_tls_failed: 'There was no TLS connection to the token endpoint.',
  token_endpoint_refused: 'The token endpoint refused the client credentials.',
  token_response_invalid: 'The token endpoint did not answer with an access token.',
  token_not_bearer: 'The token endpoint issues tokens of another type than Bearer.',
  cancelled: 'The verification was cancelled.',
  other: 'The verification failed.',
});

/** What to do about it; what is not here has the last of them. */
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
