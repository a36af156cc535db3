import type { Readable, Writable } from 'node:stream';
import { printable } from './printable.js';

/** Standard streams of a run, and where it happens. */
export interface Streams {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable;
  stderr: Writable;
}

/** Results go to standard output, everything else to standard error, so that results can be piped. */
export class Terminal {
  constructor(
    readonly streams: Streams,
    readonly isJson: boolean,
  ) {}

  /** A line of the result, for people; silent with `--json`. */
  say(line = ''): void {
    if (!this.isJson) this.streams.stdout.write(`${printable(line)}\n`);
  }

  /** The result for programs; silent without `--json`. */
  give(result: unknown): void {
    if (this.isJson) this.streams.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  }

  /** Progress and warnings. */
  note(line: string): void {
    this.streams.stderr.write(`${printable(line)}\n`);
  }

  /** Somebody sits there and can be asked. */
  get isInteractive(): boolean {
    return this.streams.stdin.isTTY === true;
  }
}
