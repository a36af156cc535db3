import { unexpandedSentence } from '@lethe/mcp';
import { ERRORS, type ErrorCode, type LetheError } from '@lethe/platform';
import { callerRefusalSentence } from '../auth/caller-refusal.js';
import { REFUSED } from '../auth/refused-requests.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';
import { ErrorFacts } from './error-facts.js';
import { loginText, wantedText } from './login-hints.js';
import { failureOf, UNREACHABLE, WHY_CLOSED } from './upstream-failures.js';

/**
 * The sentence of an error, for people and models: most clients show nothing else of it. It names gateway and header in
 * Lethe's own words and repeats nothing of a caller or an upstream, except a plain scope of its challenge. Some clients search it for an HTTP status, so it holds
 * none (docs/operations/errors.md).
 * @param server whose gateways have the names that are shown; undefined if it is not known yet
 */
export function messageOf(error: LetheError, server: VirtualServer | undefined): string {
  const sentence = SENTENCES[error.code]?.(new ErrorFacts(error.detail, server));
  return sentence ?? ERRORS[error.code].message;
}

/** Undefined: the fixed message of the code says all that is known. */
type Sentence = (facts: ErrorFacts) => string | undefined;

/** For a sentence that is about one gateway. */
const about =
  (sentence: (gateway: string, facts: ErrorFacts) => string): Sentence =>
  (facts) =>
    facts.gateway === undefined ? undefined : sentence(facts.gateway, facts);

const inHeader =
  (sentence: (header: string, facts: ErrorFacts) => string): Sentence =>
  (facts) =>
    facts.header === undefined ? undefined : sentence(facts.header, facts);

const SENTENCES: Partial<Record<ErrorCode, Sentence>> = {
  caller_unknown: ({ detail }) => callerRefusalSentence(detail),
  // A client that is set to the older transport begins with GET.
  method_not_allowed: () =>
    'Send messages by POST and set the client to the transport Streamable HTTP, not SSE; GET opens the stream of a session ' +
    'and needs its Mcp-Session-Id',
  credential_required: about(missing),
  upstream_rejected_credential: about((gateway, facts) =>
    facts.httpStatus === 403 ? forbidden(gateway, facts) : rejected(gateway, facts),
  ),
  kept_credential_rejected: about((gateway, { httpStatus }) =>
    httpStatus === 403
      ? `The upstream of ${gateway} does not allow this with the credential that the administrators keep for it: tell them, callers can not change it`
      : `The upstream of ${gateway} rejected the credential that the administrators keep for it: tell them, callers can not change it`,
  ),
  kept_credential_only: about(
    (gateway, { theHeader }) =>
      `${theHeader} is not accepted: calls to ${gateway} have the credential of its administrators`,
  ),
  kept_not_granted: about(
    (gateway) => `The credential of ${gateway} is not granted to this caller: an administrator can grant it`,
  ),
  credential_ambiguous: about((gateway, { theHeader, alternatives }) => {
    const instead = alternatives.length === 0 ? '' : `; send ${alternatives.join(' or ')} instead`;
    return `${theHeader} is the short form of no gateway of this virtual server, so it is not sent to ${gateway}${instead}`;
  }),
  credential_malformed: about(malformed),
  dpop_proofs_used_up: about(
    (gateway, { theHeader }) =>
      `${theHeader} has no proof left for a request to ${gateway}: each is used once. Connect through lethe bridge, which signs them`,
  ),
  header_illegal: inHeader((header) => `The header ${header} is malformed, duplicated or not allowed`),
  header_too_large: inHeader((header) => `The header ${header} is longer than 8 KiB`),
  header_mismatch: inHeader((header) => `The header ${header}, which repeats the body, is missing or differs from it`),
  session_unknown: about((gateway) => `The session is unknown or has ended at ${gateway}; initialize again`),
  session_too_large: ({ gateways }) =>
    gateways.length === 0
      ? undefined
      : `The sessions of ${gateways.join(', ')} do not fit into one session token of 4 KiB; an administrator must split this virtual server`,
  gateway_unavailable: about((gateway, { why }) => `${gateway} ${WHY_CLOSED[why] ?? 'can not be used now'}`),
  rate_limited: ({ detail, retryAfter }) => {
    if (detail['limit'] === REFUSED) return tooManyGuesses(callerRefusalSentence(detail), retryAfter);
    return detail['limit'] === undefined ? undefined : tooMany(detail['limit'] === 'concurrent', retryAfter);
  },
  upstream_unreachable: about((gateway, { why }) =>
    (UNREACHABLE[why] ?? ((upstream) => `${upstream} did not respond`))(`The upstream of ${gateway}`),
  ),
  upstream_failed: about((gateway, facts) => `The upstream of ${gateway} ${failureOf(facts)}`),
  upstream_redirected: about(
    (gateway, { registerUrl }) =>
      `The upstream of ${gateway} redirects, and redirects are not followed: an administrator must register ` +
      (registerUrl ?? 'the address that it redirects to'),
  ),
  upstream_rate_limited: about(
    (gateway, { retryAfter }) => `The upstream of ${gateway} limits the rate of requests: try again ${retryAfter}`,
  ),
  upstream_unavailable: about(
    (gateway, { retryAfter }) => `The upstream of ${gateway} is not available now: try again ${retryAfter}`,
  ),
  input_unanswered: about((gateway) => `The client did not answer in time what the upstream of ${gateway} asked`),
  stream_unavailable: about((gateway) => `The stream of ${gateway} can not be resumed now; try again shortly`),
};

function tooManyGuesses(sentence: string | undefined, retryAfter: string): string {
  const wrong = sentence ?? 'The caller is not known here';
  return `${wrong}. Too many such requests came from this address: try again ${retryAfter}; a right key passes at once`;
}

function tooMany(areRunning: boolean, retryAfter: string): string {
  return areRunning
    ? 'This caller has as many calls running as it may have at once: wait until one of them has ended'
    : `This caller makes too many calls: try again ${retryAfter}`;
}

function missing(gateway: string, facts: ErrorFacts): string {
  const { headers, isUnmapped, headerAndForm } = facts;
  if (isUnmapped) {
    return `The upstream of ${gateway} requires a credential, but this gateway takes none from callers: an administrator must add a mapping for it`;
  }
  const several = `in ${headers.join(', ')}, as far as its upstream needs them`;
  const where = headers.length > 1 ? several : `in the header ${headerAndForm}`;
  const unsent = `No credential was sent for ${gateway}`;
  return headerAndForm === undefined
    ? unsent
    : `${unsent}: the MCP client must send the user's own ${where}${loginText(facts)}`;
}

function rejected(gateway: string, facts: ErrorFacts): string {
  const { sent, shortHeader, notSent } = facts;
  const where = sent.length === 1 && shortHeader !== undefined ? `${sent.join()} or ${shortHeader}` : sent.join(', ');
  const header = where === '' ? '' : ` in the header ${where}`;
  const rest = notSent.length === 0 ? '' : `; not sent: ${notSent.join(', ')}`;
  return `The upstream of ${gateway} rejected the credential${header}${wantedText(facts)}${rest}${loginText(facts)}`;
}

/** A 403: another credential may help or not. */
function forbidden(gateway: string, facts: ErrorFacts): string {
  const { sent, notSent, isUnmapped } = facts;
  const upstream = `The upstream of ${gateway} does not allow this`;
  if (isUnmapped) return `${upstream}; this gateway takes no credential from callers`;
  const rest = notSent.length === 0 ? '' : `not sent: ${notSent.join(', ')}`;
  // Another token would allow no more, unless the upstream says that it wants another scope.
  const scopeLogin = facts.challengeError === 'insufficient_scope' ? loginText(facts) : '';
  if (sent.length === 0)
    return rest === '' ? upstream : `${upstream} without a credential, or not at all; ${rest}${loginText(facts)}`;
  return `${upstream} with the credential in the header ${sent.join(', ')}${wantedText(facts)}${rest && `; ${rest}`}${scopeLogin}`;
}

function malformed(gateway: string, { theHeader, rule, notation, scheme }: ErrorFacts): string {
  if (rule === 'empty') {
    return `${theHeader} for ${gateway} is empty; if it comes from a variable of the client, set that`;
  }
  if (rule === 'unexpanded_variable') return unexpandedSentence(`${theHeader} for ${gateway}`, notation);
  if (rule === 'given_twice') return `${theHeader} for ${gateway} was also sent in its short form: send one of them`;
  if (rule === 'not_ascii') return `${theHeader} for ${gateway} has characters that are not allowed in a header`;
  if (rule === 'dpop_proofs') {
    return `${theHeader} for ${gateway} must have 1 to 16 DPoP proofs (RFC 9449), separated by commas`;
  }
  if (scheme !== undefined) return `${theHeader} for ${gateway} must have the form "${scheme}"`;
  return `${theHeader} for ${gateway} does not have the form that its mapping requires`;
}
