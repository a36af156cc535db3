import { LetheError } from '../errors.js';
import { sleep, withTimeout } from '../async.js';

/** A part that has not answered by then does not work. Health checks wait 2 s for the whole report. */
const CHECK_LIMIT_MS = 1_500;

/** Whether one part of an application works. */
export type ReadinessCheck = () => boolean | Promise<boolean>;

/** The result of all checks. */
export interface ReadinessReport {
  readonly isReady: boolean;
  readonly checks: Record<string, boolean>;
}

/** Whether this application can serve requests: every check passes and the shutdown has not begun. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private isDraining = false;

  register(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /**
   * The first step of a graceful shutdown: reports `not ready` while requests are still served. Resolves when load balancers
   * have had `noticeMs` to notice it.
   */
  async drain(noticeMs = 0): Promise<void> {
    this.isDraining = true;
    if (noticeMs > 0) await sleep(noticeMs);
  }

  async report(): Promise<ReadinessReport> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]) => [name, await holds(check)] as const),
    );
    const checks = Object.fromEntries([...entries, ['running', !this.isDraining] as const]);
    return { isReady: Object.values(checks).every(Boolean), checks };
  }
}

async function holds(check: ReadinessCheck): Promise<boolean> {
  try {
    return await withTimeout(CHECK_LIMIT_MS, Promise.resolve(check()), () => new LetheError('internal'));
  } catch {
    return false;
  }
}
