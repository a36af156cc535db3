import { destination, levels, type DestinationStream } from 'pino';
import type { LogLevel } from '../settings-table.js';
import { allowedFields, type LineOrigin } from './logger.js';

/**
 * Writes one prepared log line with this duration.
 * @param more members of this line alone, encoded in ASCII: from `LineMember`, or of what needs no quotes
 */
export type WriteLine = (durationMs: number, more?: string) => void;

/** Lines are written in batches of this size, or after `FLUSH_MS`: one write per line would cost more than the line. */
const BATCH_BYTES = 60_000;
/** Batch size if several processes write to one pipe: longer writes may be split (PIPE_BUF of Linux). */
const WORKER_BATCH_BYTES = 4_096;
/** Upper bound for the bytes of level, time and duration in a line. */
const OVERHEAD_BYTES = 96;
const FLUSH_MS = 200;

/** Where whole log lines are written. */
export type LogOutput = DestinationStream;

/** Standard output, shared by a logger and a `LineLog`: two separate writers would mix their lines. */
export function standardOutput(): LogOutput {
  return destination(1);
}

/**
 * Writes lines of level info that differ in little more than their duration. The rest of a line is serialised once, with the same
 * allow-list as any other line. Lines that have not been written yet are written at exit.
 */
export class LineLog {
  /** Whether the log level includes these lines. */
  readonly isOn: boolean;
  private readonly batchBytes: number;
  private second = '';
  private secondOf = NaN;
  private moment = '';
  private momentOf = NaN;
  private pending = '';
  private pendingBytes = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly origin: LineOrigin,
    level: LogLevel,
    private readonly output: Pick<DestinationStream, 'write'>,
    private readonly now: () => number = Date.now,
  ) {
    process.once('exit', this.flush);
    this.batchBytes = origin.worker === undefined ? BATCH_BYTES : WORKER_BATCH_BYTES;
    this.isOn = level !== 'silent' && (levels.values[level] ?? Infinity) <= (levels.values['info'] ?? 0);
  }

  form(fields: Record<string, unknown>, msg: string): WriteLine {
    if (!this.isOn) return () => undefined;
    const known = JSON.stringify({ ...this.origin, ...allowedFields(fields) }).slice(1, -1);
    const head = `,${known},"durationMs":`;
    const tail = `,"msg":${JSON.stringify(msg)}}\n`;
    const bytes = Buffer.byteLength(head) + Buffer.byteLength(tail) + OVERHEAD_BYTES;
    return (durationMs, more = '') => {
      const lineBytes = bytes + more.length;
      if (this.pendingBytes + lineBytes > this.batchBytes) this.flush();
      this.pending += `{"level":"info","time":"${this.time()}"${head}${durationMs}${more}${tail}`;
      this.pendingBytes += lineBytes;
      this.timer ??= setTimeout(this.flush, FLUSH_MS);
    };
  }

  /** Writes the last lines. */
  close(): void {
    process.off('exit', this.flush);
    this.flush();
  }

  /** Writes the waiting lines. */
  readonly flush = (): void => {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { pending } = this;
    this.pending = '';
    this.pendingBytes = 0;
    if (pending !== '') this.output.write(pending);
  };

  /** ISO 8601 with milliseconds; the part up to the second is written once a second. */
  private time(): string {
    const now = this.now();
    if (now === this.momentOf) return this.moment;
    this.momentOf = now;
    const second = Math.floor(now / 1000);
    if (second !== this.secondOf) {
      this.secondOf = second;
      this.second = new Date(second * 1000).toISOString().slice(0, -4);
    }
    return (this.moment = `${this.second}${String(now - second * 1000).padStart(3, '0')}Z`);
  }
}
