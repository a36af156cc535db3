import type { ResponseIdScanner } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import type { BodyReader } from '../../upstream/body-reader.js';

/**
 * Streams a JSON response to the client, and stops when it turns out not to be the response to this request. A response
 * that arrives in one chunk is sent in one write.
 */
export class JsonResponseRelay implements BodyReader {
  private readonly length: number;
  private sent = 0;

  /** @param headers include Content-Length if the upstream sent one and the body is forwarded unchanged */
  constructor(
    private readonly response: ResponseWriter,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly scanner: ResponseIdScanner,
    private readonly failure: (why: string) => LetheError,
  ) {
    this.length = Number(headers['content-length'] ?? Infinity);
  }

  data(chunk: Buffer): boolean {
    this.check(chunk);
    return this.send(chunk);
  }

  /** Checks the next bytes, and makes them plain for every client. */
  check(chunk: Buffer): void {
    const problem = this.scanner.push(chunk);
    if (problem) throw this.failure(problem);
  }

  /** Sends bytes that were checked. */
  send(chunk: Buffer): boolean {
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
