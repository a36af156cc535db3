import { type ObtainedToken, TokenFailure, tokenFailureOf } from '@lethe/oauth';
import type { KeptParts } from './kept-parts.js';
import type { KeptMissing, KeptSource } from './kept-source.js';
import { ASSUMED_LIFE_SECONDS, passesByItself, renewAfterMs, retryAfterMs } from './token-times.js';

/** What came of one request for a token. */
export interface TokenOutcome {
  /** Undefined if a token was issued. */
  readonly failure?: TokenFailure;
  /** Requests that failed in a row before this one. */
  readonly failures: number;
  /** Whether calls have a valid token now. */
  readonly hasToken: boolean;
  /** When the next one is asked for. */
  readonly nextInMs: number;
}

/** A token for calls, and what is known of it. */
interface Issued {
  readonly parts: KeptParts;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  /** The upstream rejected the one before: the token is hardly to blame if it rejects this one too. */
  readonly isSecondTry: boolean;
  isRejected: boolean;
}

/** A token that the upstream rejects is replaced at once, but not more often than this. */
const REJECTIONS_APART_MS = 60_000;

/**
 * The access token of OAuth client credentials. One request at a time, for all callers, and none on the way of a call: the
 * first when the credential is opened, then before the token's end. A token serves until its end, or until the next one is
 * there.
 */
export class KeptToken implements KeptSource {
  private issued: Issued | undefined;
  private failures = 0;
  private isAsking = false;
  /** Resolves with the first token, or once it is known that people have to change something. */
  private readonly settled = Promise.withResolvers<undefined>();
  private timer: NodeJS.Timeout | undefined;
  /** When the next token is asked for, in epoch milliseconds. */
  private nextAt = 0;
  /** Not earlier because of a rejection, in epoch milliseconds. */
  private noRejectionBefore = 0;
  private readonly ended = new AbortController();

  constructor(
    private readonly ask: (signal: AbortSignal) => Promise<ObtainedToken>,
    private readonly partsWith: (token: string) => KeptParts,
    private readonly tell: (outcome: TokenOutcome) => void,
  ) {}

  /** While the authorization server is away, the former credential serves. */
  begin(): Promise<unknown> {
    void this.askOnce();
    return this.settled.promise;
  }

  parts(now: number): KeptParts | undefined {
    return this.issued && this.issued.endsAt > now ? this.issued.parts : undefined;
  }

  missing(now: number): KeptMissing {
    const leftMs = this.isAsking ? 0 : this.nextAt - now;
    return { why: 'kept_token', retryAfterSeconds: Math.max(1, Math.ceil(leftMs / 1_000)) };
  }

  /** True unless the upstream has rejected the token before, too. It serves until another one is there. */
  rejected(parts: KeptParts, now: number): boolean {
    const { issued } = this;
    if (issued?.parts !== parts) return !this.ended.signal.aborted;
    if (!issued.isRejected) {
      issued.isRejected = true;
      this.renewSoon(now);
    }
    return !issued.isSecondTry;
  }

  end(): void {
    this.ended.abort();
    this.settled.resolve(undefined);
    clearTimeout(this.timer);
    this.issued = undefined;
  }

  /** An authorization server that fails is asked when its time has come, not earlier. */
  private renewSoon(now: number): void {
    if (this.isAsking || this.failures > 0) return;
    const at = Math.max(now, this.noRejectionBefore);
    this.noRejectionBefore = at + REJECTIONS_APART_MS;
    if (at < this.nextAt) this.plan(at - now, now);
  }

  private plan(afterMs: number, now: number): void {
    clearTimeout(this.timer);
    this.nextAt = now + afterMs;
    this.timer = setTimeout(() => void this.askOnce(), afterMs).unref();
  }

  private async askOnce(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    clearTimeout(this.timer);
    const askedAt = Date.now();
    const answer = await this.ask(this.ended.signal).catch(tokenFailureOf);
    this.isAsking = false;
    if (this.ended.signal.aborted) return;
    const { failures } = this;
    const now = Date.now();
    if (answer instanceof TokenFailure) {
      this.failures += 1;
      this.plan(retryAfterMs(answer, failures, Math.random()), now);
    } else {
      this.failures = 0;
      this.take(answer, askedAt, now);
    }
    if (!(answer instanceof TokenFailure && passesByItself(answer))) this.settled.resolve(undefined);
    const failure = answer instanceof TokenFailure ? { failure: answer } : {};
    this.tell({ ...failure, failures, hasToken: this.parts(now) !== undefined, nextInMs: this.nextAt - now });
  }

  private take({ token, lifeSeconds = ASSUMED_LIFE_SECONDS }: ObtainedToken, askedAt: number, now: number): void {
    const lifeMs = lifeSeconds * 1_000;
    const isSecondTry = this.issued?.isRejected === true;
    this.issued = { parts: this.partsWith(token), endsAt: askedAt + lifeMs, isSecondTry, isRejected: false };
    this.plan(renewAfterMs(lifeMs, Math.random()), now);
  }
}
