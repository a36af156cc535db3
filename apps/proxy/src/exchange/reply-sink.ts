import type { ServerResponse } from 'node:http';

const JSON_TYPE = 'application/json';

/** Where the answer of one exchange goes. Writing to a client that has left is not an error: it is dropped. */
export class ReplySink {
  private readonly gone = new AbortController();

  constructor(
    private readonly response: ServerResponse,
    /** On every answer, such as what lets a page read it. */
    private readonly common: Readonly<Record<string, string>> = {},
  ) {
    response.once('close', () => {
      if (!response.writableFinished) this.gone.abort();
    });
  }

  /** Aborts when the client leaves before its answer is whole. */
  get disconnected(): AbortSignal {
    return this.gone.signal;
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

  /** The head of a streamed answer, sent at once. */
  begin(status: number, headers: Readonly<Record<string, string>>): void {
    if (!this.isOpen()) return;
    this.response.writeHead(status, { ...this.common, ...headers });
    this.response.flushHeaders();
  }

  /** False when the client is slower than the upstream: wait for `onceDrained`. */
  write(chunk: Buffer | string): boolean {
    return this.gone.signal.aborted || this.response.write(chunk);
  }

  onceDrained(resume: () => void): void {
    const once = (): void => {
      this.response.off('drain', once).off('close', once);
      resume();
    };
    this.response.on('drain', once).on('close', once);
  }

  end(): void {
    if (!this.gone.signal.aborted) this.response.end();
  }

  /** Ends an answer that can't be completed, visibly. */
  cut(): void {
    if (!this.response.writableEnded) this.response.destroy();
  }

  private isOpen(): boolean {
    return !this.gone.signal.aborted && !this.response.headersSent;
  }
}
