const MICROS_PER_SECOND = 1_000_000;
/** The system's clock may have been set: it is read again as often as this. */
const READ_MS = 1_000;
/** Digits of the seconds since 1970, until the year 2286. */
const SECOND_DIGITS = 10;
const MICRO_DIGITS = 6;
const DIGIT_ZERO = 0x30;

/** What a time is written over: the digits that no time has are there already. */
export const NO_TIME = '0'.repeat(SECOND_DIGITS + 9);

/** Times of spans as OTLP has them: nanoseconds since 1970, exact to the microsecond; as a number they would lose digits. */
export class SpanClock {
  private epochMs = NaN;
  private readAt = -Infinity;
  private second = NaN;
  private readonly digits = Buffer.alloc(SECOND_DIGITS);

  /** Looks at the system's clock, if that was long ago. */
  read(now: number): void {
    if (now - this.readAt < READ_MS) return;
    this.readAt = now;
    this.epochMs = Date.now() - now;
  }

  /**
   * Writes a time over `NO_TIME`, digit by digit.
   * @param time by `performance.now()`
   */
  write(time: number, bytes: Uint8Array, from: number): void {
    const micros = Math.round((this.epochMs + time) * 1_000);
    const second = Math.floor(micros / MICROS_PER_SECOND);
    if (second !== this.second) {
      this.second = second;
      this.digits.write(String(second).padStart(SECOND_DIGITS, '0'), 'latin1');
    }
    for (let n = 0; n < SECOND_DIGITS; n++) bytes[from + n] = this.digits[n] ?? DIGIT_ZERO;
    let rest = micros - second * MICROS_PER_SECOND;
    for (let at = from + SECOND_DIGITS + MICRO_DIGITS - 1; at >= from + SECOND_DIGITS; at--) {
      const higher = Math.floor(rest / 10);
      bytes[at] = DIGIT_ZERO + rest - higher * 10;
      rest = higher;
    }
  }
}
