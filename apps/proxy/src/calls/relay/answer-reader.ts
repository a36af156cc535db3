import { type CallTrace, MAX_READ_BYTES } from '../../request/call-trace.js';
import type { BodyReader } from '../../upstream/body-reader.js';

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
    if (this.chunks.length > 0) this.trace.answered(Buffer.concat(this.chunks).toString('utf8'));
    this.relay.end();
  }
}
