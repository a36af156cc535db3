import type { Credential, KeptEntry, KeptTarget } from '@lethe/contracts';
import type { UpstreamPolicy } from '@lethe/mcp';
import { obtainToken, withToken } from '@lethe/oauth';
import { type KeptRing, openKept, SealingError, type SealingFailure } from '@lethe/sealing';
import { keptParts, type KeptParts, keptProblem, type KeptProblem } from './kept-parts.js';
import { fixedSource, type HeldAnswers, type KeptMissing, type KeptSource, NOTHING_KEPT } from './kept-source.js';
import { KeptToken, type TokenOutcome } from './kept-token.js';

/** Why a kept credential is not used. */
export type KeptRefusal = SealingFailure | KeptProblem;

/** What a kept credential is opened for, and with. */
export interface KeptOpening {
  readonly target: KeptTarget;
  /** The certificates of the gateway. */
  readonly tlsCa: string | undefined;
  readonly ring: KeptRing | undefined;
  /** Where token endpoints may be. */
  readonly policy: UpstreamPolicy;
  /** Called when what is open has reached its end, and was dropped. */
  onEnded(): void;
  /** Called after each request for an access token. */
  onAsked(outcome: TokenOutcome): void;
}

/** What is open for the calls of a gateway. */
interface Open {
  readonly source: KeptSource;
  readonly keptRevision: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Longest time that a timer of node takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Longest time that a token endpoint may take. */
const TOKEN_TIMEOUT_MS = 10_000;

/**
 * The kept credential of a gateway in one configuration. It is opened when it arrives and not by a call, so a call finds it or
 * is refused. Nothing else holds it in clear; running requests and the search of their responses have it for as long as they run.
 */
export class HeldCredential implements HeldAnswers {
  private open: Open | undefined;
  /** As long as something is open. */
  private period = new AbortController();
  private why: KeptRefusal | undefined;
  /** Takes the place of what is open when it has a token, or can't get one. */
  private next: Open | undefined;
  /** Resolves when it has, or with false if another one came before; undefined if none is to take the place of another. */
  changing: Promise<boolean> | undefined;
  /** The entry that was taken last; what another one opens to does not count. */
  private entry: KeptEntry | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly opening: KeptOpening) {
    this.period.abort();
  }

  /** Why what was taken last can't be used now. */
  get refusal(): KeptRefusal | undefined {
    return this.why;
  }

  get target(): KeptTarget {
    return this.opening.target;
  }

  /** Undefined if there is none, or it has ended. */
  parts(now: number): KeptParts | undefined {
    if (this.open && this.open.endsAt <= now) this.drop();
    return this.open?.source.parts(now);
  }

  missing(now: number): KeptMissing {
    return ((this.open ?? this.next)?.source ?? NOTHING_KEPT).missing(now);
  }

  get ended(): AbortSignal {
    return this.period.signal;
  }

  revisionOf(parts: KeptParts): number | undefined {
    return this.open?.source.parts(Date.now()) === parts ? this.open.keptRevision : undefined;
  }

  rejected(parts: KeptParts, now: number): boolean {
    return this.open?.source.rejected(parts, now) ?? false;
  }

  /**
   * Opens the credential of an entry, in the place of the one before, which serves until then. A deletion takes effect at once.
   * @returns why it can't be used
   */
  async take(entry: KeptEntry, now: Date): Promise<KeptRefusal | undefined> {
    if (this.entry === entry) return undefined;
    this.entry = entry;
    this.dropNext();
    if (entry.sealed === null) this.replace(undefined);
    const opened = entry.sealed === null ? undefined : await this.opened(entry.sealed, entry.keptRevision, now);
    if (this.entry !== entry) return undefined;
    this.why = typeof opened === 'string' ? opened : undefined;
    if (typeof opened === 'string') this.replace(undefined);
    else this.begin(opened);
    return this.why;
  }

  /** Drops what is open, for good. */
  end(): void {
    this.entry = undefined;
    this.why = undefined;
    this.dropNext();
    this.replace(undefined);
  }

  /** Nobody waits for the answer of a token endpoint: the former credential serves until then. */
  private begin(opened: Open | undefined): void {
    const ready = opened?.source.begin();
    if (!ready || !this.open) return this.replace(opened);
    this.next = opened;
    this.changing = ready.then(() => {
      if (this.next !== opened) return false;
      this.next = undefined;
      this.changing = undefined;
      this.replace(opened);
      return true;
    });
  }

  private dropNext(): void {
    this.next?.source.end();
    this.next = undefined;
    this.changing = undefined;
  }

  private replace(open: Open | undefined): void {
    this.open?.source.end();
    this.open = open;
    if (!open) this.period.abort();
    else if (this.period.signal.aborted) this.period = new AbortController();
    this.watchEnd();
  }

  /** Drops what is open at its end, also if no call asks for it any more. */
  private watchEnd(): void {
    clearTimeout(this.timer);
    if (!this.open) return;
    const leftMs = this.open.endsAt - Date.now();
    const isLong = leftMs > LONGEST_TIMER_MS;
    this.timer = setTimeout(() => (isLong ? this.watchEnd() : this.drop()), Math.min(leftMs, LONGEST_TIMER_MS)).unref();
  }

  private drop(): void {
    this.why = 'envelope_expired';
    this.replace(undefined);
    this.opening.onEnded();
  }

  private async opened(sealed: string, keptRevision: number, now: Date): Promise<Open | KeptRefusal> {
    const { ring, target } = this.opening;
    if (!ring) return 'kept_key_unknown';
    try {
      const { credential, exp } = await openKept(sealed, ring, { ...target, keptRevision }, now);
      const query = URL.canParse(target.url) ? new URL(target.url).search : '';
      return keptProblem(credential, query) ?? { source: this.sourceOf(credential), keptRevision, endsAt: exp * 1_000 };
    } catch (error) {
      if (error instanceof SealingError) return error.code;
      throw error;
    }
  }

  private sourceOf(credential: Credential): KeptSource {
    if (credential.scheme !== 'oauth_client_credentials') return fixedSource(keptParts(credential));
    const { policy, tlsCa } = this.opening;
    return new KeptToken(
      (signal) => obtainToken(credential, { policy, tlsCa, timeoutMs: TOKEN_TIMEOUT_MS, userAgent: 'lethe', signal }),
      (token) => keptParts(withToken(credential, token)),
      (outcome) => this.opening.onAsked(outcome),
    );
  }
}
