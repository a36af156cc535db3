import type { GatewayLimits } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';

const DEFAULT_BREAKER = { failures: 5, openSeconds: 10 };

/** What the end of a call says about its upstream: it responded, it did not, or nothing. */
export type Verdict = 'up' | 'down' | 'unknown';

/**
 * Decides whether calls may go to one gateway now. After some failures in a row its circuit opens: calls fail at once, until
 * one of them may probe whether the upstream is back. No call waits.
 */
export class GatewayGate {
  /** There is nothing to decide: the upstream responded last, and its calls are not counted. Most calls read nothing else. */
  isQuiet = true;
  private breaker = DEFAULT_BREAKER;
  private concurrent = Infinity;
  private running = 0;
  private failures = 0;
  /** When the next call may probe; undefined while the circuit is closed. */
  private openUntilMs: number | undefined;
  private probe: GatePass | undefined;

  constructor(
    private readonly gateway: string,
    /** Called when the circuit opens, and when it closes again. */
    private readonly onChange: (gateway: string, isOpen: boolean) => void = () => undefined,
  ) {}

  configure({ breaker = DEFAULT_BREAKER, concurrent = Infinity }: GatewayLimits = {}): void {
    this.breaker = breaker;
    this.concurrent = concurrent;
    this.update();
  }

  /** @throws LetheError `gateway_unavailable` while the circuit is open, or too many calls are running */
  enter(nowMs: number): GatePass {
    const { openUntilMs } = this;
    if (openUntilMs !== undefined && (this.probe || nowMs < openUntilMs)) {
      throw this.refusal('circuit', this.probe ? 1 : Math.ceil((openUntilMs - nowMs) / 1000));
    }
    if (this.running >= this.concurrent) throw this.refusal('concurrent', 1);
    const pass = new GatePass(this);
    this.running += 1;
    if (openUntilMs !== undefined) this.probe = pass;
    return pass;
  }

  /** @param pass undefined for a call that began while the gate was quiet */
  leave(pass: GatePass | undefined, verdict: Verdict, nowMs: number): void {
    if (pass) this.running -= 1;
    this.judge(pass, verdict, nowMs);
  }

  /** What is known of the upstream so far. A call that began before the circuit opened says nothing about now. */
  judge(pass: GatePass | undefined, verdict: Verdict, nowMs: number): void {
    const isProbe = pass !== undefined && pass === this.probe;
    if (isProbe) this.probe = undefined;
    if (this.openUntilMs === undefined || isProbe) this.count(verdict, nowMs, isProbe);
    this.update();
  }

  private count(verdict: Verdict, nowMs: number, isProbe: boolean): void {
    if (verdict === 'unknown') return;
    if (verdict === 'up') this.failures = 0;
    else this.failures += 1;
    const wasOpen = this.openUntilMs !== undefined;
    const isOpen = this.failures > 0 && (isProbe || this.failures >= this.breaker.failures);
    this.openUntilMs = isOpen ? nowMs + this.breaker.openSeconds * 1000 : undefined;
    if (isOpen !== wasOpen) this.onChange(this.gateway, isOpen);
  }

  private update(): void {
    this.isQuiet = this.openUntilMs === undefined && this.failures === 0 && this.concurrent === Infinity;
  }

  private refusal(why: 'circuit' | 'concurrent', retryAfterSeconds: number): LetheError {
    return new LetheError('gateway_unavailable', { gateway: this.gateway, why, retryAfterSeconds });
  }
}

/** One call at a gate that is not quiet. */
export class GatePass {
  private isOver = false;

  constructor(private readonly gate: GatewayGate) {}

  /** The upstream has responded, though the response may go on for long: a probe need not last until its end. */
  responded(nowMs: number): void {
    this.gate.judge(this, 'up', nowMs);
  }

  end(verdict: Verdict, nowMs: number): void {
    if (this.isOver) return;
    this.isOver = true;
    this.gate.leave(this, verdict, nowMs);
  }
}
