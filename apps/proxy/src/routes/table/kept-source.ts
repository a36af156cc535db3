import type { KeptParts } from './kept-parts.js';

/**
 * Why there is nothing to send, as a call is told. `kept_credential`: an administrator has to keep another one. `kept_token`:
 * there is no access token for it now.
 */
export interface KeptMissing {
  readonly why: 'kept_credential' | 'kept_token';
  readonly retryAfterSeconds?: number;
}

/** What a call asks of a kept credential. It answers at once. */
export interface KeptAnswers {
  /** What it adds to requests; undefined if there is nothing now. */
  parts(now: number): KeptParts | undefined;
  /** Why there is nothing. */
  missing(now: number): KeptMissing;
  /** The upstream rejected these parts. Returns whether others take their place soon, so that a call may be made again. */
  rejected(parts: KeptParts, now: number): boolean;
}

/** What is open for a gateway now, whatever takes its place. */
export interface HeldAnswers extends KeptAnswers {
  /** Aborts when nothing is open any more. Another one in the place of what is open does not end it. */
  readonly ended: AbortSignal;
  /** The revision of what these parts are of; undefined if something else has taken its place since. */
  revisionOf(parts: KeptParts): number | undefined;
}

/** An opened credential. */
export interface KeptSource extends KeptAnswers {
  /** Begins to fetch what it needs. Resolves when it has that, or can't get it; undefined if nothing is needed. */
  begin(): Promise<unknown> | undefined;
  /** Ends it for good. */
  end(): void;
}

/** Nothing is kept, or it can't be used. */
export const NOTHING_KEPT: KeptAnswers = {
  parts: () => undefined,
  missing: () => ({ why: 'kept_credential' }),
  rejected: () => false,
};

/** Nothing is ever open, as for a configuration that another one has replaced. */
export const NOTHING_HELD: HeldAnswers = {
  ...NOTHING_KEPT,
  ended: AbortSignal.abort(),
  revisionOf: () => undefined,
};

/** A credential that is sent as it is. */
export function fixedSource(parts: KeptParts): KeptSource {
  return { ...NOTHING_KEPT, parts: () => parts, begin: () => undefined, end: () => undefined };
}
