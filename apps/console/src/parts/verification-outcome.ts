import type { HandshakeCode } from '@lethe/contracts';
import type { Verification } from '../api/verifications.js';
import { type Message, texts } from '../text/text.js';

const CODES = texts<HandshakeCode>('handshake', {
  credential_required: 'The upstream asks for a credential, and none was sent.',
  credential_rejected: 'The upstream rejected the credential (401).',
  upstream_forbidden: 'The upstream does not allow this access (403).',
  upstream_unreachable: 'The upstream could not be reached.',
  upstream_tls_failed: 'No TLS connection: the certificate of the upstream is not valid, or it does not speak TLS.',
  upstream_timeout: 'The upstream took too long.',
  upstream_redirected: 'The upstream redirects. Register the URL that it redirects to.',
  upstream_closed: 'The upstream closed the connection too early.',
  upstream_http_error: 'The upstream answered with an HTTP error.',
  upstream_protocol_error: 'The upstream broke the MCP protocol.',
  upstream_too_large: 'The upstream sent more than is allowed.',
  upstream_reflects_credential: 'The upstream repeated the credential. Nothing was kept; rotate the credential.',
  not_an_mcp_server: 'There is no MCP server at this URL.',
  address_forbidden: 'The host name of the upstream leads to an address that is not allowed.',
  envelope_invalid: 'The sealed credential could not be opened. Verify again.',
  envelope_expired: 'The sealed credential arrived too late. Verify again.',
  credential_malformed: 'The credential is malformed.',
  scheme_unsupported: 'This kind of credential is not supported.',
  handshake_crashed: 'The one-shot process crashed. Verify again.',
  token_endpoint_forbidden: 'The token endpoint has an address that is not allowed. Nothing was sent there.',
  token_endpoint_unreachable: 'The token endpoint could not be reached.',
  token_endpoint_tls_failed: 'No TLS connection to the token endpoint.',
  token_endpoint_refused: 'The token endpoint refused the client credentials.',
  token_response_invalid: 'The token endpoint did not answer with an access token.',
  token_not_bearer: 'The token endpoint issues tokens that are not of the type Bearer.',
  cancelled: 'Somebody cancelled it.',
});

const STATES = texts<Verification['state']>('outcome', {
  awaiting_credential: 'Waits for a credential.',
  running: 'Runs now.',
  verified: 'The upstream answered, and its items were read.',
  failed: 'The verification failed.',
  lost: 'The connector stopped during the handshake. The upstream may have received the credential.',
  expired: 'No credential arrived in time. Verify again.',
  cancelled: 'Somebody cancelled it.',
});

/** What became of a verification, in a sentence. */
export function outcomeText({ state, code }: { state: Verification['state']; code?: string | undefined }): Message {
  return (state === 'failed' ? codeText(code) : undefined) ?? STATES[state];
}

/** Why a handshake failed, in a sentence; undefined for a code that is not known. */
export function codeText(code: string | undefined): Message | undefined {
  return new Map<string, Message>(Object.entries(CODES)).get(code ?? '');
}
