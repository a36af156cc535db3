import type { ReplySink } from '../exchange/reply-sink.js';
import type { BodyReader } from './response-handler.js';

/** Hands a JSON answer on as it comes. What comes whole, as short answers do, leaves in one write. */
export class JsonRelay implements BodyReader {
  private readonly length: number;
  private sent = 0;

  /** @param length the upstream's Content-Length, if it gave one */
  constructor(
    private readonly reply: ReplySink,
    headers: Record<string, string>,
    length: string | undefined,
  ) {
    this.length = length === undefined ? Infinity : Number(length);
    if (length !== undefined) headers['content-length'] = length;
    reply.begin(200, headers);
  }

  data(chunk: Buffer): boolean {
    this.sent += chunk.length;
    if (this.sent < this.length) return this.reply.write(chunk);
    this.reply.endWith(chunk);
    return true;
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  end(): void {
    if (this.sent < this.length) this.reply.end();
  }
}
