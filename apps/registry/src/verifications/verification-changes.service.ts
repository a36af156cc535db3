import { Injectable } from '@nestjs/common';

/** Notifies waiters in this process of a changed verification, so that they don't have to wait for their next poll. */
@Injectable()
export class VerificationChanges {
  private readonly waiting = new Map<string, Set<() => void>>();

  /** Call it after the change is committed. */
  announce(vid: string): void {
    for (const wake of this.waiting.get(vid) ?? []) wake();
  }

  /** Starts listening. `next` resolves at the first change since its last call, or after `limitMs`. */
  listen(vid: string): { next(limitMs: number): Promise<void>; stop(): void } {
    let hasChanged = false;
    let resume: (() => void) | undefined;
    const wake = (): void => {
      hasChanged = true;
      resume?.();
    };
    const others = this.waiting.get(vid) ?? new Set();
    this.waiting.set(vid, others.add(wake));
    const next = async (limitMs: number): Promise<void> => {
      if (!hasChanged) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, limitMs);
          resume = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      hasChanged = false;
      resume = undefined;
    };
    const stop = (): void => {
      others.delete(wake);
      if (others.size === 0 && this.waiting.get(vid) === others) this.waiting.delete(vid);
    };
    return { next, stop };
  }
}
