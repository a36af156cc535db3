import { type AddressedRequest, FailedLogins, LetheError, type RefusedCallers } from '@lethe/platform';
import type { CallerProblem } from './caller-refusal.js';

/** What only somebody is told who does not hold what they sent. Other mistakes are those of people with a key or token. */
const GUESSES: ReadonlySet<unknown> = new Set<CallerProblem>(['key_unknown', 'token_signature']);

/** Value of `limit` for who made too many guesses. */
export const REFUSED = 'refused';

/**
 * Counts and logs requests that were refused before they had a caller, and lets whoever guesses keys wait. It is asked about
 * refusals only: a right key always passes, whatever others behind the same address do.
 */
export class RefusedRequests {
  private readonly failures = new FailedLogins();

  constructor(private readonly callers: Pick<RefusedCallers, 'record' | 'addressOf'>) {}

  /** The error to answer with: the same one, or `rate_limited` for one guess too many from this address. */
  refuse(request: AddressedRequest, error: LetheError): LetheError {
    const { code, detail } = error;
    if (code === 'server_unknown') this.callers.record(request, code);
    if (code !== 'caller_unknown') return error;
    const { why } = detail;
    const retryAfterSeconds = GUESSES.has(why) ? this.failures.fail(this.callers.addressOf(request)) : undefined;
    this.callers.record(request, retryAfterSeconds === undefined ? String(why) : 'too_many_failures');
    if (retryAfterSeconds === undefined) return error;
    return new LetheError('rate_limited', { ...detail, limit: REFUSED, retryAfterSeconds });
  }
}
