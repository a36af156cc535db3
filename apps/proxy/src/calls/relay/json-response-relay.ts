import { PassingJson, type ResponseIdScanner } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import type { UpstreamFailure } from '../../protocol/upstream-failures.js';
import type { BodyReader } from '../../upstream/body-reader.js';

/** Longest response that may ask a person for something. */
const MAX_ASKING_BYTES = 64 * 1024;

/** What may be in a response, and what the client gets of it. */
export interface JsonResponseRules {
  /** The client may be asked: a short response is buffered, so that what asks a person can be made safe. */
  readonly mayAsk: boolean;
  /** The response with what asks a person made safe; undefined if that is not possible. */
  asShown(json: string): string | undefined;
  failure(why: UpstreamFailure): LetheError;
  /** A response in one chunk is an error. */
  refused(response: Buffer): void;
}

/**
 * Streams a JSON response to the client, and stops when it turns out not to be the response to this request. A response
 * that arrives in one chunk is sent in one write. A response that asks a person is sent as a whole.
 */
export class JsonResponseRelay implements BodyReader {
  private readonly length: number;
  private readonly passing = new PassingJson();
  private sent = 0;
  private held: Buffer[] | undefined;
  private heldBytes = 0;
  private asks = false;

  /** @param headers include Content-Length if the upstream sent one and the body was not decoded */
  constructor(
    private readonly response: ResponseWriter,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly scanner: ResponseIdScanner,
    private readonly rules: JsonResponseRules,
  ) {
    this.length = Number(headers['content-length'] ?? Infinity);
    if (rules.mayAsk) this.held = [];
  }

  data(chunk: Buffer): boolean {
    this.check(chunk);
    const isWhole = this.heldBytes === 0 && this.sent === 0 && chunk.length >= this.length;
    return this.held && !(isWhole && !this.asks) ? this.hold(chunk, this.held) : this.send(chunk);
  }

  onDrain(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  end(): void {
    if (this.held && this.heldBytes > 0) return this.sendHeld(Buffer.concat(this.held));
    if (this.sent > 0 && this.sent >= this.length) return;
    if (!this.scanner.isWhole) throw this.rules.failure('not_json');
    this.response.end();
  }

  /** Checks the next bytes, and renames members that only Lethe may send. */
  private check(chunk: Buffer): void {
    const problem = this.scanner.push(chunk);
    if (problem) throw this.rules.failure(problem);
    const found = this.passing.push(chunk);
    if (found === 'reserved') throw this.rules.failure('reserved_name');
    if (found !== 'asks') return;
    this.asks = true;
    // Its beginning can't be changed any more.
    if (this.sent > 0) throw this.rules.failure('too_long');
    this.held ??= [];
  }

  private hold(chunk: Buffer, held: Buffer[]): boolean {
    held.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes <= MAX_ASKING_BYTES) return true;
    if (this.asks) throw this.rules.failure('too_long');
    this.held = undefined;
    return this.send(Buffer.concat(held));
  }

  private sendHeld(bytes: Buffer): void {
    if (!this.scanner.isWhole) throw this.rules.failure('not_json');
    const json = this.asks ? this.rules.asShown(bytes.toString('utf8')) : undefined;
    if (this.asks && json === undefined) throw this.rules.failure('elicitation_url');
    this.response.send(this.headers, json === undefined ? bytes : Buffer.from(json));
  }

  /** Sends bytes that were checked. */
  private send(chunk: Buffer): boolean {
    const isFirst = this.sent === 0;
    this.sent += chunk.length;
    const isLast = this.sent >= this.length;
    if (isFirst && this.scanner.isError && this.scanner.isWhole) this.rules.refused(chunk);
    if (isLast && !this.scanner.isWhole) throw this.rules.failure('not_json');
    if (isFirst && isLast) {
      this.response.send(this.headers, chunk);
      this.held = undefined;
      return true;
    }
    if (isFirst) this.response.begin(200, this.headers);
    if (!isLast) return this.response.write(chunk);
    this.response.endWith(chunk);
    return true;
  }
}
