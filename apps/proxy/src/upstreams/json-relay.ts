import type { LetheError } from '@lethe/platform';
import type { ReplySink } from '../exchange/reply-sink.js';
import type { AnswerScan } from '../streams/answer-scan.js';
import type { BodyReader } from './response-handler.js';

/** Hands a JSON answer on as it comes, up to the byte where it turns out not to be the answer to this request. */
export class JsonRelay implements BodyReader {
  private hasBegun = false;

  constructor(
    private readonly reply: ReplySink,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly scan: AnswerScan,
    private readonly failure: (why: string) => LetheError,
  ) {}

  data(chunk: Buffer): boolean {
    const problem = this.scan.push(chunk);
    if (problem) throw this.failure(problem);
    if (!this.hasBegun) this.reply.begin(200, this.headers);
    this.hasBegun = true;
    return this.reply.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  end(): void {
    if (!this.scan.isWhole) throw this.failure('not_json');
    this.reply.end();
  }
}
