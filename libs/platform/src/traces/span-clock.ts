const MICROS_PER_SECOND = 1_000_000;
/** The system's clock may have been set: it is read again as often as this. */
const READ_MS = 1_000;

/** Times of spans as OTLP has them: nanoseconds since 1970, exact to the microsecond; as a number they would lose digits. */
export class SpanClock {
  private epochMs = NaN;
  private readAt = -Infinity;
  private second = NaN;
  private secondText = '';
  private last = NaN;
  private lastText = '';

  /** Looks at the system's clock, if that was long ago. */
  read(now: number): void {
    if (now - this.readAt < READ_MS) return;
    this.readAt = now;
    this.epochMs = Date.now() - now;
    this.last = NaN;
  }

  /** @param at by `performance.now()` */
  nanos(at: number): string {
    // Several spans end together.
    if (at === this.last) return this.lastText;
    const micros = Math.round((this.epochMs + at) * 1_000);
    const second = Math.floor(micros / MICROS_PER_SECOND);
    if (second !== this.second) {
      this.second = second;
      this.secondText = String(second);
    }
    // A small number is written several times faster than one of sixteen digits.
    this.last = at;
    return (this.lastText = `${this.secondText}${String(micros - second * MICROS_PER_SECOND + MICROS_PER_SECOND).slice(1)}000`);
  }
}
