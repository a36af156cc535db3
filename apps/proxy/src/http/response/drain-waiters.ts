import type { ServerResponse } from 'node:http';

/** Those who wait until a client has read what it got, with one listener. */
export class DrainWaiters {
  private waiting: (() => void)[] = [];

  constructor(private readonly response: ServerResponse) {}

  /** Calls `resume` once, when the client has caught up or at `release`. */
  add(resume: () => void): void {
    if (this.waiting.push(resume) === 1) this.response.once('drain', this.release);
  }

  readonly release = (): void => {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    this.response.off('drain', this.release);
    for (const resume of waiting) resume();
  };
}
