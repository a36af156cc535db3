import { Injectable } from '@nestjs/common';

export type ReadinessCheck = () => boolean | Promise<boolean>;

export interface ReadinessReport {
  readonly isReady: boolean;
  readonly checks: Record<string, boolean>;
}

/** Whether this application may be sent requests: every named check holds and its end has not begun. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private isDraining = false;

  register(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** The first step of a graceful end: not ready from now on, while requests are still answered. */
  drain(): void {
    this.isDraining = true;
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
    return await check();
  } catch {
    return false;
  }
}
