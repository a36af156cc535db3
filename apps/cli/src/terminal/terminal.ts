import type { Readable, Writable } from 'node:stream';
import { printable, printableJson } from './printable.js';

/** The standard streams of a run. */
export interface Streams {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable;
  stderr: Writable;
}

/** Prints results to standard output and everything else to standard error, so that results can be piped. */
export class Terminal {
  constructor(
    readonly streams: Streams,
    readonly isJson: boolean,
  ) {}

  /** Prints a line of the result for people. Does nothing with `--json`. */
  print(line = ''): void {
    if (!this.isJson) this.streams.stdout.write(`${printable(line)}\n`);
  }

  /** Prints the result for programs. Does nothing without `--json`. */
  printJson(result: unknown): void {
    if (this.isJson) this.streams.stdout.write(`${printableJson(JSON.stringify(result, null, 2))}\n`);
  }

  /** Prints progress or a warning. */
  note(line: string): void {
    this.streams.stderr.write(`${printable(line)}\n`);
  }

  /** Whether there is a user to ask. */
  get isInteractive(): boolean {
    return this.streams.stdin.isTTY === true;
  }
}
