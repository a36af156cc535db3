import type { TokenFailure } from '@lethe/oauth';
import { backOffMs } from '@lethe/platform';

/** What a token's life is taken for if its authorization server does not say it (RFC 6749, section 5.1: it should). */
export const ASSUMED_LIFE_SECONDS = 600;
/** A token is renewed when a fifth of its life is left, and this long before its end at most. */
const MARGIN_SHARE = 0.2;
const LONGEST_MARGIN_MS = 300_000;
/** Also one that lives for years is renewed each day. */
const LONGEST_MS = 86_400_000;
const SHORTEST_MS = 1_000;
/** Workers that got their tokens together ask for the next ones at different times. */
const SPREAD = 0.05;

const FIRST_RETRY_MS = 1_000;
/** While the endpoint does not answer: it may be back at any time. */
const LONGEST_RETRY_MS = 30_000;
/** After an answer that only people can change, such as a wrong secret. Authorization servers lock clients that insist. */
const LONGEST_REFUSED_MS = 300_000;

/**
 * After how long the next token is asked for.
 * @param random from 0 to 1
 */
export function renewAfterMs(lifeMs: number, random: number): number {
  const margin = Math.min(lifeMs * MARGIN_SHARE, LONGEST_MARGIN_MS);
  return Math.max(Math.min(lifeMs - margin, LONGEST_MS) * (1 - SPREAD * random), SHORTEST_MS);
}

/**
 * After how long a token is asked for again: a random time within a bound that doubles, or what `Retry-After` asks.
 * @param failures in a row before this one
 * @param random from 0 to 1
 */
export function retryAfterMs(failure: TokenFailure, failures: number, random: number): number {
  const { retryAfterSeconds = 0 } = failure.detail;
  const mostMs = passesByItself(failure) ? LONGEST_RETRY_MS : LONGEST_REFUSED_MS;
  const bound = backOffMs(failures, { firstMs: FIRST_RETRY_MS, mostMs });
  return Math.max((bound * (1 + random)) / 2, retryAfterSeconds * 1_000 * (1 + SPREAD * random));
}

/** Whether the authorization server is away or busy; anything else, only people can change. */
export function passesByItself({ code, detail: { httpStatus = 0 } }: TokenFailure): boolean {
  return code === 'token_endpoint_unreachable' || httpStatus === 429 || httpStatus >= 500;
}
