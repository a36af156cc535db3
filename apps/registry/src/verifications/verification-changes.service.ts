import { Injectable } from '@nestjs/common';

/** Tells whoever waits in this process that a verification changed, so that the end is not found late by looking for it. */
@Injectable()
export class VerificationChanges {
  private readonly waiting = new Map<string, Set<() => void>>();

  /** Once the change is committed. */
  announce(vid: string): void {
    for (const wake of this.waiting.get(vid) ?? []) wake();
  }

  /** Listens from now on; `next` resolves at the next change since it was last asked, or when the time is up. */
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
