import type { ErrorFacts } from './error-facts.js';

/** Why a gateway can't be called, after its name. */
export const WHY_CLOSED: Record<string, string> = {
  disabled: 'is disabled; an administrator can enable it',
  not_covered: 'was changed after its last verification; an administrator must verify it again',
  url_forbidden: 'has an address that this proxy may not call; an administrator must allow it',
  no_session: 'has no session of this client; initialize again',
  circuit: 'is not called for now, because its last calls failed; it is tried again shortly',
  kept_credential: 'has no valid credential now; an administrator must keep another one',
  kept_token: 'has no access token that its upstream accepts now; another one is asked for: try again shortly',
  concurrent: 'has as many calls as it may have at once; try again shortly',
};

/** Why an upstream was not reached, as a sentence about it. */
export const UNREACHABLE: Record<string, (upstream: string) => string> = {
  dns: (upstream) => `${upstream} was not reached: its host name has no address`,
  refused: (upstream) => `${upstream} was not reached: nothing accepts connections at its address`,
  reset: (upstream) => `${upstream} closed the connection`,
  tls: (upstream) => `${upstream} was not reached: its certificate is not accepted`,
  timeout: (upstream) => `${upstream} did not respond in time`,
  forbidden_address: (upstream) => `${upstream} was not called: its address is not allowed`,
};

/** What went wrong, after the name of its upstream. */
const FAILURES = {
  closed_early: 'ended its response too early',
  content_encoding: 'sent a body that can not be decoded',
  content_type: 'responded with a media type that MCP does not use',
  elicitation_url: 'asked a person to open a URL that may not be opened',
  initialize: 'did not complete initialize',
  input_required: 'asked for input in a way that can not be passed on to this client',
  list: 'did not send a valid list',
  no_result: 'responded without a result',
  not_acknowledged: 'did not acknowledge a subscription in time',
  not_http: 'sent something that is not HTTP',
  not_json: 'sent a body that is not JSON',
  not_resumable: 'does not resume the stream of this call',
  protocol: 'responded with an error that this client would misunderstand',
  repeats_credential: 'repeated the credential that is kept for it; an administrator must look at it',
  reserved_name: 'sent a member that only Lethe may send',
  sse_endpoint: 'did not name an endpoint of its own origin',
  too_long: 'sent a message that is too long',
  wrong_id: 'responded to another request',
};
const TEXTS: Readonly<Record<string, string>> = FAILURES;

/** Why an upstream failed: `detail.why` of `upstream_failed`. */
export type UpstreamFailure = keyof typeof FAILURES | 'http_status';

/** What went wrong at an upstream, after its name. Its HTTP status is told in words. */
export function failureOf({ why, httpStatus }: ErrorFacts): string {
  if (why === 'http_status' && httpStatus !== undefined) return statusInWords(httpStatus);
  return TEXTS[why] ?? 'failed or sent an invalid response';
}

function statusInWords(status: number): string {
  if (status >= 500) return 'reports an internal error';
  if (status === 404 || status === 410) return 'has no MCP endpoint at the registered address';
  return status >= 400 ? 'rejected the request without an explanation' : 'sent an invalid response';
}
