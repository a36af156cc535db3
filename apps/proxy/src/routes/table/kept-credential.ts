import type { KeptEntry, KeptTarget } from '@lethe/contracts';
import { type KeptRing, openKept, SealingError, type SealingFailure } from '@lethe/sealing';
import { keptParts, type KeptParts, type KeptProblem } from './kept-parts.js';

/** Why a kept credential is not used. */
export type KeptRefusal = SealingFailure | KeptProblem;

/** What is open for the calls of a gateway. */
interface Open {
  readonly parts: KeptParts;
  readonly keptRevision: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

/** Longest time that a timer of node takes. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The kept credential of a gateway in one configuration. It is opened when it arrives and not by a call, so a call finds it or
 * is refused. Nothing but this object has it in clear.
 */
export class HeldCredential {
  private open: Open | undefined;
  /** Aborts when what is open ends and nothing takes its place. */
  private period = new AbortController();
  /** The entry that was taken last; what another one opens to does not count. */
  private entry: KeptEntry | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** @param onEnded called when what is open has reached its end, and was dropped */
  constructor(
    readonly target: KeptTarget,
    private readonly query: string,
    private readonly ring: KeptRing | undefined,
    private readonly onEnded: () => void = () => undefined,
  ) {}

  /** What it adds to requests; undefined if there is none, or it has ended. */
  parts(now: number): KeptParts | undefined {
    if (this.open && this.open.endsAt <= now) this.expire();
    return this.open?.parts;
  }

  /** Aborts when what is open now ends. Another one in its place does not end it. */
  get ended(): AbortSignal {
    return this.period.signal;
  }

  /**
   * Opens the credential of an entry, in the place of the one before, which serves until then. A deletion takes effect at once.
   * @returns why it can't be used
   */
  async take(entry: KeptEntry, now: Date): Promise<KeptRefusal | undefined> {
    if (this.entry === entry) return undefined;
    this.entry = entry;
    if (entry.sealed === null) this.serve(undefined);
    const opened = entry.sealed === null ? undefined : await this.opened(entry.sealed, entry.keptRevision, now);
    if (this.entry !== entry) return undefined;
    this.serve(typeof opened === 'string' ? undefined : opened);
    return typeof opened === 'string' ? opened : undefined;
  }

  /** The revision of what was sent; undefined if something else has taken its place since. */
  revisionOf(parts: KeptParts): number | undefined {
    return this.open?.parts === parts ? this.open.keptRevision : undefined;
  }

  /** Drops what is open, for good. */
  end(): void {
    this.entry = undefined;
    this.serve(undefined);
  }

  private serve(open: Open | undefined): void {
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
    this.timer = setTimeout(
      () => (isLong ? this.watchEnd() : this.expire()),
      Math.min(leftMs, LONGEST_TIMER_MS),
    ).unref();
  }

  private expire(): void {
    this.serve(undefined);
    this.onEnded();
  }

  private async opened(sealed: string, keptRevision: number, now: Date): Promise<Open | KeptRefusal> {
    if (!this.ring) return 'kept_key_unknown';
    try {
      const { credential, exp } = await openKept(sealed, this.ring, { ...this.target, keptRevision }, now);
      const parts = keptParts(credential, this.query);
      return typeof parts === 'string' ? parts : { parts, keptRevision, endsAt: exp * 1_000 };
    } catch (error) {
      if (error instanceof SealingError) return error.code;
      throw error;
    }
  }
}
