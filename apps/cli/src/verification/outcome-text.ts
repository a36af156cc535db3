import type { HandshakeCode } from '@lethe/contracts';
import { CliError } from '../cli.error.js';
import type { VerificationAnswer } from '../registry/answers.js';

/** What a person does about each way in which a handshake ends without a catalogue. */
const HANDSHAKE_TEXTS: Record<HandshakeCode, string> = {
  credential_rejected: 'The upstream refused the credential (401)',
  upstream_forbidden: 'The upstream knows the credential but forbids its use (403)',
  upstream_unreachable: 'The upstream could not be reached',
  upstream_tls_failed: "The upstream's TLS certificate does not hold",
  upstream_timeout: 'The upstream took too long',
  upstream_redirected: 'The upstream redirects; register the URL that it redirects to',
  upstream_closed: 'The upstream closed the connection half-way',
  upstream_http_error: 'The upstream answered with an HTTP error',
  upstream_protocol_error: 'The upstream broke the MCP protocol',
  upstream_too_large: 'The upstream sent more than is allowed',
  upstream_reflects_credential: 'The upstream repeated the credential; nothing was kept. Rotate it',
  not_an_mcp_server: 'There is no MCP server at this URL',
  address_forbidden: "The upstream's name leads to an address that may not be dialled",
  envelope_invalid: 'The slot could not open what was sealed; verify again',
  envelope_expired: 'It was sealed too late; verify again',
  credential_malformed: 'The credential does not have its form',
  scheme_unsupported: 'This kind of credential is not supported',
  handshake_crashed: 'The one-shot process crashed; verify again',
};
const TEXTS: ReadonlyMap<string, string> = new Map(Object.entries(HANDSHAKE_TEXTS));

/** A verification that ended without a catalogue, as the failure of a command. */
export function notVerified(verification: VerificationAnswer, slug: string): CliError {
  const { state, httpStatus, pointer } = verification;
  const code = verification.code ?? state;
  const notes = [
    ...(httpStatus ? [`HTTP status of the upstream: ${httpStatus}`] : []),
    ...(pointer ? [`Where: ${pointer}`] : []),
    `The gateway stays registered. Again: lethe verify ${slug}`,
  ];
  return new CliError('notVerified', code, textOf(state, code), notes);
}

function textOf(state: VerificationAnswer['state'], code: string): string {
  if (state === 'lost') return 'The connector went away during the handshake; the upstream may have seen it';
  if (state === 'expired') return 'The slot was not used in time';
  return TEXTS.get(code) ?? 'The verification failed';
}
