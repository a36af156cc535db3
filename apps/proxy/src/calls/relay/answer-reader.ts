import { type CallTrace, MAX_READ_BYTES } from '../../request/call-trace.js';
import type { BodyReader } from '../../upstream/body-reader.js';

const EMPTY = Buffer.alloc(0);

/** Lets the trace of a sampled call read the answer that another reader relays. */
export class AnswerReader implements BodyReader {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(
    private readonly relay: BodyReader,
    private readonly trace: CallTrace,
  ) {}

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length <= MAX_READ_BYTES) this.chunks.push(chunk);
    else this.chunks = [];
    return this.relay.data(chunk);
  }

  onDrain(resume: () => void): void {
    this.relay.onDrain?.(resume);
  }

  end(): void {
    const [only = EMPTY] = this.chunks;
    const bytes = this.chunks.length > 1 ? Buffer.concat(this.chunks) : only;
    if (bytes.length > 0) this.trace.answered(bytes.toString('latin1'));
    this.relay.end();
  }
}
