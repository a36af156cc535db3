/** Longest line that is taken from a client; Lethe itself takes less. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;

/** Splits the bytes of a client into lines. One that is too long comes out as undefined, and is not kept. */
export class LineSplitter {
  private pieces: Buffer[] = [];
  private size = 0;

  constructor(private readonly maxBytes = MAX_LINE_BYTES) {}

  /** Returns the lines that this chunk completes. */
  push(chunk: Buffer): (Buffer | undefined)[] {
    const lines: (Buffer | undefined)[] = [];
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.add(chunk.subarray(from, end));
      lines.push(this.take());
      from = end + 1;
    }
    this.add(chunk.subarray(from));
    return lines;
  }

  private add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.size += piece.length;
    if (this.size > this.maxBytes) this.pieces = [];
    else this.pieces.push(piece);
  }

  private take(): Buffer | undefined {
    const { pieces, size, maxBytes } = this;
    this.pieces = [];
    this.size = 0;
    if (size > maxBytes) return undefined;
    return pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
  }
}
