import { CliError } from '../errors/cli.error.js';

/** Error codes that may be shown: those of RFC 6749, 7591, 8628, 8707 and 9449. Other text of a server is never shown. */
const CODES: ReadonlySet<string> = new Set([
  'access_denied',
  'authorization_pending',
  'consent_required',
  'expired_token',
  'interaction_required',
  'invalid_client',
  'invalid_client_metadata',
  'invalid_dpop_proof',
  'invalid_grant',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_scope',
  'invalid_target',
  'invalid_token',
  'login_required',
  'server_error',
  'slow_down',
  'temporarily_unavailable',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
  'use_dpop_nonce',
]);

const LONGEST_URL = 300;

/** What an authorization server refused, by its code. */
export class OAuthRefusal extends CliError {
  constructor(
    readonly oauthCode: string | undefined,
    message: string,
    notes: readonly string[] = [],
  ) {
    super(oauthCode === 'access_denied' ? 'cancelled' : 'refused', 'oauth_refused', message, notes);
  }
}

/** The error for an error code of an authorization server; for what was asked of it, in words. */
export function refusal(code: unknown, asked: string): OAuthRefusal {
  const known = typeof code === 'string' && CODES.has(code) ? code : undefined;
  const because = known === undefined ? '' : ` (${known})`;
  return new OAuthRefusal(known, `The authorization server refused ${asked}${because}`, notesOf(known));
}

/** Credentials go nowhere without https, but to this machine. */
export function insecure(url?: string): CliError {
  return new CliError('untrusted', 'endpoint_insecure', 'An authorization server names an endpoint without https', [
    url === undefined ? 'Nothing was sent to it.' : `Nothing was sent to ${shownUrl(url)}`,
  ]);
}

function notesOf(code: string | undefined): string[] {
  if (code === 'access_denied') return ['Nothing was kept.'];
  if (code === 'invalid_scope') return ['Ask for other scopes with --scope, or leave it out.'];
  if (code === 'invalid_client' || code === 'unauthorized_client') {
    return ['The client id is not, or no longer, known there; try again, or give one with --client-id.'];
  }
  return [];
}

/** A URL of somebody else as it may be shown: without a slash at its end where it has none, which is a difference. */
export function shownUrl(text: string | undefined): string {
  if (text === undefined || !URL.canParse(text)) return '(no URL)';
  const { href } = new URL(text);
  if (href === `${text}/` && href.length <= LONGEST_URL) return text;
  return href.length > LONGEST_URL ? `${href.slice(0, LONGEST_URL)}…` : href;
}

/** Both sides do not name the same authorization server. */
export function issuerMismatch(expected: string | undefined, received: string | undefined): CliError {
  return new CliError(
    'untrusted',
    'issuer_mismatch',
    'The answer is of another authorization server; it was not used',
    [`expected: ${shownUrl(expected)}`, `received: ${shownUrl(received)}`],
  );
}
