import type { Done } from '@lethe/platform';

/** A call of a legacy client, while it runs. */
export interface RunningCall {
  /** As `Session.progressKey`; undefined for a call whose client wants no progress. */
  readonly progressKey?: string | undefined;
  /** @param notification the client's `notifications/cancelled` */
  cancel(notification: Buffer): void;
}

/**
 * The calls of legacy sessions that this replica runs, by `Session.callKey`, so that a cancellation finds its call. Kept
 * small: every call of a session is added and removed.
 */
export class RunningCalls {
  private readonly calls = new Map<string, RunningCall>();
  /** Calls whose clients want progress. */
  private readonly reporting = new Map<string, RunningCall>();

  get size(): number {
    return this.calls.size;
  }

  /**
   * Remembers a call until the returned function is called.
   * @param key undefined for a call outside a session, which can't be cancelled
   */
  track(key: string | undefined, call: RunningCall): () => void {
    if (key === undefined) return () => undefined;
    this.calls.set(key, call);
    const { progressKey } = call;
    if (progressKey !== undefined) this.reporting.set(progressKey, call);
    return () => {
      if (progressKey !== undefined && this.reporting.get(progressKey) === call) this.reporting.delete(progressKey);
      // A client that uses an id twice at the same time can cancel only the later call.
      if (this.calls.get(key) === call) this.calls.delete(key);
    };
  }

  /** As `track`, until `done` is called. */
  trackUntil(key: string | undefined, call: RunningCall, done: Done): Done {
    const forget = this.track(key, call);
    return (error) => {
      forget();
      done(error);
    };
  }

  /** Whether a call with this `progressKey` runs here. */
  reports(progressKey: string | undefined): boolean {
    return progressKey !== undefined && this.reporting.has(progressKey);
  }

  /** Cancels a call. False if it does not run here. */
  cancel(key: string, notification: Buffer): boolean {
    const call = this.calls.get(key);
    call?.cancel(notification);
    return call !== undefined;
  }
}
