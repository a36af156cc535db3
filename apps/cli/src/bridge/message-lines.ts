import { once } from 'node:events';
import type { Writable } from 'node:stream';

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;

/**
 * Writes messages, one in each line (MCP, stdio transport), and waits for a reader that is slow. A long message is written as it
 * comes; others wait until its line has ended.
 */
export class MessageLines {
  /** Resolves when the message that is being written has ended. */
  private line: Promise<void> | undefined;
  private drained: Promise<void> | undefined;

  constructor(private readonly out: Writable) {}

  /** Writes a whole message. Resolves when there is room for more. */
  async write(json: string): Promise<void> {
    while (this.line) await this.line;
    await this.put(`${/[\r\n]/.test(json) ? json.replaceAll(/[\r\n]/g, ' ') : json}\n`);
  }

  /**
   * Writes a message whose end is not there yet.
   * @throws what `chunks` throws, after the end of the line
   */
  async stream(chunks: AsyncIterable<Buffer>): Promise<void> {
    while (this.line) await this.line;
    let end = (): void => undefined;
    this.line = new Promise((resolve) => (end = resolve));
    try {
      for await (const chunk of chunks) await this.put(onOneLine(chunk));
    } finally {
      // Also of a message that was cut: the next one then begins a line of its own.
      await this.put('\n');
      this.line = undefined;
      end();
    }
  }

  private async put(text: string | Buffer): Promise<void> {
    if (this.out.destroyed || this.out.write(text)) return;
    this.drained ??= this.nextDrain();
    await this.drained;
  }

  private async nextDrain(): Promise<void> {
    const ended = new AbortController();
    const { signal } = ended;
    // A reader that has gone takes nothing more, and nothing should wait for it.
    await Promise.race(['drain', 'close', 'error'].map((event) => once(this.out, event, { signal }))).catch(() => undefined);
    ended.abort();
    this.drained = undefined;
  }
} // prettier-ignore

/** Line ends in JSON are only space between its parts. */
function onOneLine(chunk: Buffer): Buffer {
  if (!chunk.includes(NEWLINE) && !chunk.includes(RETURN)) return chunk;
  return Buffer.from(chunk.map((byte) => (byte === NEWLINE || byte === RETURN ? SPACE : byte)));
}
