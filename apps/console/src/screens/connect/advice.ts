import type { Message } from '../../text/text.js';
import { FIRST_CALL } from './first-call-texts.js';

/** Outcomes of calls that say nothing about whether a client works: it went away, or tried the other era first. */
const PASSING = new Set(['client_gone', 'discover_refused', 'method_not_allowed']);
const ADVICE = [
  'credential_required',
  'credential_malformed',
  'upstream_rejected_credential',
  'kept_credential_rejected',
  'kept_credential_only',
  'kept_not_granted',
  'credential_ambiguous',
  'gateway_unavailable',
  'upstream_unreachable',
  'upstream_failed',
  'rate_limited',
  'item_unknown',
] as const;

/** Whether such a call is no sign of anything. */
export function isPassing(outcome: string): boolean {
  return PASSING.has(outcome);
}

/** What to do about an outcome; undefined for those that the page has no own words for. */
export function adviceOf(outcome: string): Message | undefined {
  const known = ADVICE.find((each) => each === outcome);
  return known && FIRST_CALL[known];
}
