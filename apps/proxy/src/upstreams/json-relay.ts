import type { ReplySink } from '../exchange/reply-sink.js';
import type { BodyReader } from './response-handler.js';

/** Hands a JSON answer on as it comes. */
export class JsonRelay implements BodyReader {
  constructor(
    private readonly reply: ReplySink,
    headers: Readonly<Record<string, string>>,
  ) {
    reply.begin(200, headers);
  }

  data(chunk: Buffer): boolean {
    return this.reply.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  end(): void {
    this.reply.end();
  }
}
