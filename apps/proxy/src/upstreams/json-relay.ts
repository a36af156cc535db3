import type { ResponseIdScanner } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { ReplySink } from '../exchange/reply-sink.js';
import type { BodyReader } from './response-handler.js';

/**
 * Hands a JSON answer on as it comes, up to the byte where it turns out not to be the answer to this request. What comes
 * whole, as short answers do, leaves in one write.
 */
export class JsonRelay implements BodyReader {
  private readonly length: number;
  private sent = 0;

  /** @param headers with the Content-Length, if the upstream gave one and the body goes on unchanged */
  constructor(
    private readonly reply: ReplySink,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly scan: ResponseIdScanner,
    private readonly failure: (why: string) => LetheError,
  ) {
    this.length = Number(headers['content-length'] ?? Infinity);
  }

  data(chunk: Buffer): boolean {
    const problem = this.scan.push(chunk);
    if (problem) throw this.failure(problem);
    const isFirst = this.sent === 0;
    this.sent += chunk.length;
    const isLast = this.sent >= this.length;
    if (isLast && !this.scan.isWhole) throw this.failure('not_json');
    if (isFirst && isLast) {
      this.reply.whole(this.headers, chunk);
      return true;
    }
    if (isFirst) this.reply.begin(200, this.headers);
    if (!isLast) return this.reply.write(chunk);
    this.reply.endWith(chunk);
    return true;
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  end(): void {
    if (this.sent > 0 && this.sent >= this.length) return;
    if (!this.scan.isWhole) throw this.failure('not_json');
    this.reply.end();
  }
}
