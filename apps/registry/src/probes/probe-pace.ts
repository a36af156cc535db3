/** Probes of one administrator within a minute, and at the same time. */
const MAX_PER_MINUTE = 30;
const MAX_AT_ONCE = 2;
const MINUTE_MS = 60_000;

interface Begun {
  running: number;
  /** When probes of the last minute began, oldest first. */
  at: number[];
}

/** Bounds how often administrators probe. A connector would be a port scanner otherwise. */
export class ProbePace {
  private readonly byAdministrator = new Map<string, Begun>();

  /** Begins a probe. Gives how many seconds to wait if it may not begin now. */
  begin(administrator: string, nowMs: number): number | undefined {
    const begun = this.byAdministrator.get(administrator) ?? { running: 0, at: [] };
    begun.at = begun.at.filter((at) => nowMs - at < MINUTE_MS);
    if (begun.running >= MAX_AT_ONCE) return 1;
    const [oldest = nowMs] = begun.at;
    if (begun.at.length >= MAX_PER_MINUTE) return Math.ceil((oldest + MINUTE_MS - nowMs) / 1000);
    begun.running += 1;
    begun.at.push(nowMs);
    this.byAdministrator.set(administrator, begun);
    return undefined;
  }

  end(administrator: string): void {
    const begun = this.byAdministrator.get(administrator);
    if (begun) begun.running -= 1;
  }
}
