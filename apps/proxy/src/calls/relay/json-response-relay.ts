import type { LetheError } from '@lethe/platform';
import type { ResponseWriter } from '../../http/response-writer.js';
import type { ResponseIdScanner } from './response-id-scanner.js';
import type { BodyReader } from '../../upstream/response-handler.js';

/**
 * Hands a JSON answer on as it comes, up to the byte where it turns out not to be the answer to this request. What comes
 * whole, as short answers do, leaves in one write.
 */
export class JsonResponseRelay implements BodyReader {
  private readonly length: number;
  private sent = 0;

  /** @param headers with the Content-Length, if the upstream gave one and the body goes on unchanged */
  constructor(
    private readonly response: ResponseWriter,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly scanner: ResponseIdScanner,
    private readonly failure: (why: string) => LetheError,
  ) {
    this.length = Number(headers['content-length'] ?? Infinity);
  }

  data(chunk: Buffer): boolean {
    const problem = this.scanner.push(chunk);
    if (problem) throw this.failure(problem);
    const isFirst = this.sent === 0;
    this.sent += chunk.length;
    const isLast = this.sent >= this.length;
    if (isLast && !this.scanner.isWhole) throw this.failure('not_json');
    if (isFirst && isLast) {
      this.response.send(this.headers, chunk);
      return true;
    }
    if (isFirst) this.response.begin(200, this.headers);
    if (!isLast) return this.response.write(chunk);
    this.response.endWith(chunk);
    return true;
  }

  onDrain(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  end(): void {
    if (this.sent > 0 && this.sent >= this.length) return;
    if (!this.scanner.isWhole) throw this.failure('not_json');
    this.response.end();
  }
}
