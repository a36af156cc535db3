import type { HandshakeCode, UnreachableReason } from '@lethe/contracts';
import { waitText } from '@lethe/mcp';
import { CliError } from '../errors/cli.error.js';
import type { VerificationResponse } from '../registry/responses.js';

/** Explains each failure of a handshake to the user. */
const HANDSHAKE_TEXTS: Record<HandshakeCode, string> = {
  credential_required: 'The upstream asks for a credential, and none was sent',
  credential_rejected: 'The upstream rejected the credential (401)',
  upstream_forbidden: 'The upstream does not allow this access (403)',
  upstream_unreachable: 'The upstream could not be reached',
  upstream_tls_failed:
    'There was no TLS connection: the certificate of the upstream is not valid, or it does not speak TLS',
  upstream_timeout: 'The upstream took too long',
  upstream_redirected: 'The upstream redirects; register the URL that it redirects to',
  upstream_closed: 'The upstream closed the connection too early',
  upstream_http_error: 'The upstream answered with an HTTP error',
  upstream_protocol_error: 'The upstream broke the MCP protocol',
  upstream_too_large: 'The upstream sent more than is allowed',
  upstream_reflects_credential: 'The upstream repeated the credential; nothing was kept. Rotate it',
  not_an_mcp_server: 'There is no MCP server at this URL',
  address_forbidden: "The upstream's host name resolves to an address that is not allowed",
  envelope_invalid: 'The sealed credential could not be opened; verify again',
  envelope_expired: 'The sealed credential arrived too late; verify again',
  credential_malformed: 'The credential is malformed',
  scheme_unsupported: 'This kind of credential is not supported',
  handshake_crashed: 'The one-shot process crashed; verify again',
  token_endpoint_forbidden: 'The token endpoint is at an address that is not allowed; nothing was sent there',
  token_endpoint_unreachable: 'The token endpoint could not be reached',
  token_endpoint_tls_failed:
    'There was no TLS connection to the token endpoint: its certificate is not valid, or it does not speak TLS',
  token_endpoint_refused: 'The token endpoint refused the client credentials',
  token_response_invalid: 'The token endpoint did not answer with an access token',
  token_not_bearer: 'The token endpoint issues tokens of another type than Bearer, which can not be used',
  cancelled: 'The verification was cancelled',
};
const TEXTS: ReadonlyMap<string, string> = new Map(Object.entries(HANDSHAKE_TEXTS));

/** Why an upstream could not be reached. */
const UNREACHABLE_TEXTS: Record<UnreachableReason, string> = {
  dns: 'The name of the upstream has no address (DNS)',
  refused: 'Nothing accepts connections at the address of the upstream',
  timeout: 'The upstream accepted no connection in time',
};
/** Why a token endpoint could not be reached. */
const TOKEN_UNREACHABLE_TEXTS: Record<UnreachableReason, string> = {
  dns: 'The name of the token endpoint has no address (DNS)',
  refused: 'Nothing accepts connections at the address of the token endpoint',
  timeout: 'The token endpoint did not answer in time',
};
const TOKEN_REASONS: ReadonlyMap<string, string> = new Map(Object.entries(TOKEN_UNREACHABLE_TEXTS));
const REASONS: ReadonlyMap<string, string> = new Map(Object.entries(UNREACHABLE_TEXTS));
/** HTTP errors that pass. */
const STATUS_TEXTS: ReadonlyMap<number, string> = new Map([
  [429, 'The upstream limits the rate of requests'],
  [503, 'The upstream is not available now'],
]);

/** What the scheme that a 401 names means for the command line. */
const SCHEME_TEXTS: ReadonlyMap<string, string> = new Map([
  ['bearer', 'Its response asks for a bearer token: --bearer'],
  ['basic', 'Its response asks for a user name and a password: --basic <user>'],
]);

const PROOF_TEXT =
  'Its response asks for a token that is bound to a key (DPoP), which a verification can not prove to have: it needs a bearer token, if the upstream takes any';

/** The error for a verification that ended without a catalogue. */
export function notVerified(verification: VerificationResponse): CliError {
  const { state, httpStatus, scheme, wantsProof, pointer, retryAfterSeconds, registerUrl, tokenError } = verification;
  const code = verification.code ?? state;
  const asked = wantsProof === true ? PROOF_TEXT : SCHEME_TEXTS.get(scheme ?? '');
  const notes = [
    ...(httpStatus
      ? [`HTTP status of the ${code.startsWith('token_') ? 'token endpoint' : 'upstream'}: ${httpStatus}`]
      : []),
    ...(tokenError ? [`Its error: ${tokenError}`] : []),
    ...(asked === undefined ? [] : [asked]),
    ...(asked === undefined && code === 'credential_required'
      ? ['Its response does not say which: --bearer, --basic <user> or --header <name>']
      : []),
    ...(pointer ? [`Where: ${pointer}`] : []),
    ...(typeof retryAfterSeconds === 'number' ? [`It asks to try again in ${waitText(retryAfterSeconds)}`] : []),
    ...(registerUrl ? [`It leads to this address of the same server: ${registerUrl}`] : []),
  ];
  return new CliError('notVerified', code, textOf(verification, code), notes);
}

function textOf({ state, httpStatus, why }: VerificationResponse, code: string): string {
  if (state === 'lost')
    return 'The connector stopped during the handshake; the upstream may have received the credential';
  if (state === 'expired') return 'The credential did not arrive in time; verify again';
  if (state === 'cancelled') return HANDSHAKE_TEXTS.cancelled;
  return exactText(code, why ?? '', httpStatus ?? 0) ?? handshakeText(code);
}

function exactText(code: string, why: string, httpStatus: number): string | undefined {
  if (code === 'upstream_unreachable') return REASONS.get(why);
  if (code.startsWith('token_')) return TOKEN_REASONS.get(why);
  return STATUS_TEXTS.get(httpStatus);
}

/** Explains a handshake code. */
export function handshakeText(code: string | undefined): string {
  return TEXTS.get(code ?? '') ?? 'The verification failed';
}
