import type { ServerResponse } from 'node:http';

const JSON_TYPE = 'application/json';

/** Where the answer of one exchange goes. Writing to a client that has left is not an error: it is dropped. */
export class ReplySink {
  private isGone = false;
  private gone: AbortController | undefined;
  private common: Record<string, string> = {};

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => {
      if (response.writableFinished) return;
      this.isGone = true;
      this.gone?.abort();
    });
  }

  /** Aborts when the client leaves before its answer is whole. */
  get disconnected(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.isGone) this.gone.abort();
    return this.gone.signal;
  }

  /** Headers of whatever is answered, such as what lets a page read it. */
  always(headers: Readonly<Record<string, string>>): void {
    this.common = { ...this.common, ...headers };
  }

  get hasBegun(): boolean {
    return this.response.headersSent;
  }

  json(status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.isOpen()) return;
    this.response.writeHead(status, {
      ...this.common,
      ...headers,
      'content-type': JSON_TYPE,
      'content-length': Buffer.byteLength(body),
    });
    this.response.end(body);
  }

  empty(status: number, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.isOpen()) return;
    this.response.writeHead(status, { ...this.common, ...headers }).end();
  }

  /** The head of an answer whose body comes piece by piece; it leaves with the first piece. */
  begin(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.isOpen()) this.response.writeHead(status, { ...this.common, ...headers });
  }

  /** As `begin`, for a stream whose first piece may be long in coming: the head leaves at once. */
  beginStream(status: number, headers: Readonly<Record<string, string>>): void {
    this.begin(status, headers);
    if (!this.isGone) this.response.flushHeaders();
  }

  /** False when the client is slower than the upstream: wait for `onceDrained`. */
  write(chunk: Buffer | string): boolean {
    return this.isGone || this.response.write(chunk);
  }

  onceDrained(resume: () => void): void {
    const once = (): void => {
      this.response.off('drain', once).off('close', once);
      resume();
    };
    this.response.on('drain', once).on('close', once);
  }

  end(): void {
    if (!this.isGone) this.response.end();
  }

  /** Ends an answer that can't be completed, visibly. */
  cut(): void {
    if (!this.response.writableEnded) this.response.destroy();
  }

  private isOpen(): boolean {
    return !this.isGone && !this.response.headersSent;
  }
}
