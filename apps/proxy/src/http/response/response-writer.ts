import type { ServerResponse } from 'node:http';
import { SSE_COMMENT } from '@lethe/mcp';
import { toLatin1Bytes } from './encodings.js';

/** Names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string>>;

/** A faster way than node's `ServerResponse` to send a whole response with status 200. */
export interface ResponseQueue {
  /** Longest body. */
  readonly maxBytes: number;
  /**
   * Sends the response by the end of this turn of the event loop.
   * @param body one character per byte (`latin1`)
   * @returns false when it can't: nothing was sent, and `ServerResponse` has to send it
   */
  enqueue(response: ServerResponse, headers: ResponseHeaders, body: string): boolean;
}

const JSON_TYPE = 'application/json';
/** Longer bytes are written as bytes: making a string of them would copy them once more. */
export const MAX_JOINED_BYTES = 8 * 1024;
/** Shorter than the usual idle limits of proxies and load balancers on the way. */
export const KEEP_ALIVE_MS = 15_000;

/** Writes the response of one request. What is written after the client has left, or after the end, is dropped. */
export class ResponseWriter {
  private isGone = false;
  /** The queue has the whole response: `response` must not be touched any more. */
  private isQueued = false;
  private disconnect: (() => void) | undefined;
  private controller: AbortController | undefined;
  private common: ResponseHeaders | undefined;
  private waiting: (() => void)[] | undefined;
  private drained: (() => void) | undefined;
  private keepAlive: NodeJS.Timeout | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly queue?: ResponseQueue,
  ) {
    response.once('close', () => this.closed());
  }

  /** Aborts when the client leaves before it has the whole response. Costs more than `onDisconnect`. */
  get disconnected(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.isGone) this.controller.abort();
    return this.controller.signal;
  }

  /**
   * Registers the one listener that is called when the client leaves before it has the whole response, in place of the one
   * before. It is called at once when the client has left already.
   */
  onDisconnect(listener: () => void): void {
    if (this.isGone) listener();
    else this.disconnect = listener;
  }

  /** Adds headers to whatever response is sent, such as those of CORS. */
  setHeaders(headers: ResponseHeaders): void {
    this.common = { ...this.common, ...headers };
  }

  get hasBegun(): boolean {
    return this.isQueued || this.response.headersSent;
  }

  /** A response can still be sent. */
  get isOpen(): boolean {
    return !this.isGone && !this.hasBegun;
  }

  sendJson(status: number, body: string, headers: ResponseHeaders = {}): void {
    if (!this.isOpen) return;
    const known = { ...headers, 'content-type': JSON_TYPE };
    if (status === 200 && this.mayQueue(body.length) && this.enqueue(known, toLatin1Bytes(body))) return;
    this.writeHead(status, { ...known, 'content-length': String(Buffer.byteLength(body)) });
    this.response.end(body);
  }

  /** Sends bytes with status 200. */
  send(headers: ResponseHeaders, body: Buffer): void {
    if (!this.isOpen) return;
    const isShort = body.length <= MAX_JOINED_BYTES;
    if (isShort && this.mayQueue(body.length) && this.enqueue(headers, body.toString('latin1'))) return;
    this.writeHead(200, { ...headers, 'content-length': String(body.length) });
    this.response.end(body);
  }

  /**
   * Sends bytes that were made as a string, with status 200.
   * @param body one character per byte (`latin1`)
   */
  sendLatin1(headers: ResponseHeaders, body: string): void {
    if (!this.isOpen || (this.mayQueue(body.length) && this.enqueue(headers, body))) return;
    this.writeHead(200, { ...headers, 'content-length': String(body.length) });
    this.response.end(body, 'latin1');
  }

  sendEmpty(status: number, headers: ResponseHeaders = {}): void {
    if (!this.isOpen) return;
    this.writeHead(status, headers);
    this.response.end();
  }

  /** Begins a response whose body follows in pieces. The head leaves with the first of them. */
  begin(status: number, headers: ResponseHeaders): void {
    if (this.isOpen) this.writeHead(status, headers);
  }

  /** Begins a stream of events: its head leaves at once, and comments keep the connection open while nothing else is sent. */
  beginStream(status: number, headers: ResponseHeaders): void {
    if (!this.isOpen) return;
    this.begin(status, headers);
    this.response.flushHeaders();
    this.keepAlive = setInterval(() => this.sendKeepAlive(), KEEP_ALIVE_MS);
  }

  /** Returns false when the client reads slower than this is written: wait for `onceDrained`. */
  write(chunk: Buffer | string): boolean {
    return this.isOver || this.response.write(chunk);
  }

  /** Calls back once when the client has caught up or left. Many may wait, such as the upstreams of one stream. */
  onceDrained(resume: () => void): void {
    if (this.waiting) {
      this.waiting.push(resume);
      return;
    }
    this.waiting = [resume];
    this.drained = () => this.resumeWaiting();
    this.response.once('drain', this.drained);
  }

  end(): void {
    if (!this.isOver) this.response.end();
  }

  /** Writes the last piece. */
  endWith(last: Buffer): void {
    if (!this.isOver) this.response.end(last);
  }

  /** Breaks off a response that can't be completed, so that the client sees it. */
  destroy(): void {
    if (!this.isQueued && !this.response.writableEnded) this.response.destroy();
  }

  private closed(): void {
    clearInterval(this.keepAlive);
    if (!this.isQueued && !this.response.writableFinished) {
      this.isGone = true;
      this.disconnect?.();
      this.controller?.abort();
    }
    this.resumeWaiting();
  }

  private resumeWaiting(): void {
    const { waiting, drained } = this;
    if (!waiting || !drained) return;
    this.waiting = undefined;
    this.response.off('drain', drained);
    for (const resume of waiting) resume();
  }

  private sendKeepAlive(): void {
    const { writableNeedDrain, writableEnded } = this.response;
    if (!writableNeedDrain && !writableEnded) this.response.write(SSE_COMMENT);
  }

  /** Common headers are left to node's response, which judges what they ask of the connection. */
  private mayQueue(length: number): boolean {
    return this.queue !== undefined && this.common === undefined && length <= this.queue.maxBytes;
  }

  private enqueue(headers: ResponseHeaders, body: string): boolean {
    this.isQueued = this.queue?.enqueue(this.response, headers, body) ?? false;
    return this.isQueued;
  }

  private writeHead(status: number, headers: ResponseHeaders): void {
    const { common } = this;
    if (!common) {
      this.response.writeHead(status, headers);
      return;
    }
    const vary = [common['vary'], headers['vary']].filter((one) => one !== undefined).join(', ');
    this.response.writeHead(status, { ...common, ...headers, ...(vary && { vary }) });
  }

  /** Nothing more can be written. */
  private get isOver(): boolean {
    return this.isGone || this.isQueued;
  }
}
