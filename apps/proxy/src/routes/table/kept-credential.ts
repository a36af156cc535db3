import type { KeptEntry, KeptTarget } from '@lethe/contracts';
import { type KeptRing, openKept, SealingError, type SealingFailure } from '@lethe/sealing';
import { keptParts, type KeptParts, type KeptProblem } from './kept-parts.js';

/** Why a kept credential is not used. */
export type KeptRefusal = SealingFailure | KeptProblem;

/** What is open for the calls of a gateway. */
interface Open {
  readonly parts: KeptParts;
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
  private why: KeptRefusal | undefined;
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

  /** Why what was taken last can't be used now. */
  get refusal(): KeptRefusal | undefined {
    return this.why;
  }

  /** What it adds to requests; undefined if there is none, or it has ended. */
  parts(now: number): KeptParts | undefined {
    if (this.open && this.open.endsAt <= now) this.drop();
    return this.open?.parts;
  }

  /**
   * Opens the credential of an entry, in the place of the one before, which serves until then. A deletion takes effect at once.
   * @returns why it can't be used
   */
  async take(entry: KeptEntry, now: Date): Promise<KeptRefusal | undefined> {
    if (this.entry === entry) return undefined;
    this.entry = entry;
    if (entry.sealed === null) this.open = undefined;
    const opened = entry.sealed === null ? undefined : await this.opened(entry.sealed, entry.keptRevision, now);
    if (this.entry !== entry) return undefined;
    this.open = typeof opened === 'string' ? undefined : opened;
    this.why = typeof opened === 'string' ? opened : undefined;
    this.watchEnd();
    return this.why;
  }

  /** Drops what is open, for good. */
  end(): void {
    this.entry = undefined;
    this.open = undefined;
    this.why = undefined;
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
    clearTimeout(this.timer);
    this.open = undefined;
    this.why = 'envelope_expired';
    this.onEnded();
  }

  private async opened(sealed: string, keptRevision: number, now: Date): Promise<Open | KeptRefusal> {
    if (!this.ring) return 'kept_key_unknown';
    try {
      const { credential, exp } = await openKept(sealed, this.ring, { ...this.target, keptRevision }, now);
      const parts = keptParts(credential, this.query);
      return typeof parts === 'string' ? parts : { parts, endsAt: exp * 1_000 };
    } catch (error) {
      if (error instanceof SealingError) return error.code;
      throw error;
    }
  }
}
