import type { Readable, Writable } from 'node:stream';
import { pasteable } from './pasteable.js';
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
    /** How this user runs the program. */
    private readonly command = 'lethe',
  ) {}

  /** Prints a line of the result for people. Does nothing with `--json`. */
  print(line = ''): void {
    if (!this.isJson) this.streams.stdout.write(`${printable(pasteable(line, this.command))}\n`);
  }

  /** Prints the result for programs. Does nothing without `--json`. */
  printJson(result: unknown): void {
    if (this.isJson) this.streams.stdout.write(`${printableJson(JSON.stringify(result, null, 2))}\n`);
  }

  /** Prints one of several results for programs, as a line. Does nothing without `--json`. */
  printJsonLine(result: unknown): void {
    if (this.isJson) this.streams.stdout.write(`${printableJson(JSON.stringify(result))}\n`);
  }

  /** Prints progress or a warning. */
  note(line: string): void {
    this.streams.stderr.write(`${printable(pasteable(line, this.command))}\n`);
  }

  /** Whether there is a user to ask. */
  get isInteractive(): boolean {
    return this.streams.stdin.isTTY === true;
  }
}
