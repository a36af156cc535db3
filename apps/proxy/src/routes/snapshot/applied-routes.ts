import { type BUCKETS, type Bucket } from '@lethe/contracts';

/** Lines of one notice: it must fit into one message. */
const MAX_LINES = 500;

/** Collects which published entries took effect, and reports them together, so that a registry can wait for them. */
export class AppliedRoutes {
  private lines: string[] = [];
  private report: ((lines: string[]) => void) | undefined;

  /** Reports from now on. Earlier entries belong to the start, for which nobody waits. */
  reportTo(report: (lines: string[]) => void): void {
    this.report ??= report;
  }

  note(bucket: Exclude<Bucket, typeof BUCKETS.blocks>, key: string, revision: number): void {
    if (!this.report) return;
    if (this.lines.length === 0) setImmediate(() => this.flush());
    this.lines.push(`${bucket} ${key} ${revision}`);
  }

  private flush(): void {
    const lines = this.lines;
    this.lines = [];
    for (let at = 0; at < lines.length; at += MAX_LINES) this.report?.(lines.slice(at, at + MAX_LINES));
  }
}
