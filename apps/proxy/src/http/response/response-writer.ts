import type { IncomingMessage, ServerResponse } from 'node:http';
import { SSE_COMMENT } from '@lethe/mcp';
import { keepPlace, lingerAtEnd } from '@lethe/platform';
import { DrainWaiters } from './drain-waiters.js';
import { toLatin1Bytes } from './encodings.js';
import { HeldStart } from './held-start.js';
import type { ResponseHeaders, ResponseQueue } from './response-queue.js';

/** What the endpoint says depends on the caller, so that nothing may store it. */
export const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };
/** Longer bodies are written as bytes: converting them to a string would copy them once more. */
export const MAX_JOINED_BYTES = 8 * 1024;
/** Shorter than the usual idle timeouts of proxies and load balancers. */
export const KEEP_ALIVE_MS = 15_000;

/** Writes the response to one request. Anything written after the client has disconnected, or after the end, is dropped. */
export class ResponseWriter {
  private isDisconnected = false;
  /** The queue has the complete response: `response` must not be used any more. */
  private isQueued = false;
  private disconnect: (() => void) | undefined;
  private controller: AbortController | undefined;
  private common: ResponseHeaders | undefined;
  private waiters: DrainWaiters | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** The beginning of a stream, of which nothing has been sent yet. */
  private start: HeldStart | undefined;

  constructor(
    private readonly response: ServerResponse,
    private readonly queue?: ResponseQueue,
  ) {
    response.once('close', () => this.closed());
  }

  /** Aborts if the client disconnects before it has the complete response. Costs more than `onDisconnect`. */
  get disconnected(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.isDisconnected) this.controller.abort();
    return this.controller.signal;
  }

  /**
   * Registers the single listener that is called if the client disconnects before it has the complete response. It replaces
   * an earlier one, and is called at once if the client has already disconnected.
   */
  onDisconnect(listener: () => void): void {
    if (this.isDisconnected) listener();
    else this.disconnect = listener;
  }

  /** The request as node's server has read it. */
  get request(): IncomingMessage {
    return this.response.req;
  }

  /** Notes that this connection belongs to a caller, so that it keeps its place. */
  callerIsKnown(): void {
    keepPlace(this.response.req.socket);
  }

  /**
   * Calls `send` when the part of the request that has arrived was parsed. If its body is not complete by then, nobody waits
   * for it: the connection ends with the response.
   */
  whenParsed(send: () => void): void {
    const { req } = this.response;
    if (req.complete) return send();
    setImmediate(() => {
      if (!req.complete) this.endConnection();
      send();
    });
  }

  /** The connection ends with this response. */
  endConnection(): void {
    this.setHeaders({ connection: 'close' });
    lingerAtEnd(this.response.req.socket);
  }

  /** Sets headers of any response that is sent, such as those of CORS. */
  setHeaders(headers: ResponseHeaders): void {
    this.common = { ...this.common, ...headers };
  }

  get hasBegun(): boolean {
    return this.isQueued || this.start !== undefined || this.response.headersSent;
  }

  /** Whether a response can still be sent. */
  get isOpen(): boolean {
    return !this.isDisconnected && !this.hasBegun;
  }

  sendJson(status: number, body: string, headers?: ResponseHeaders): void {
    if (!this.isOpen) return;
    const known = headers ? { ...headers, ...JSON_HEADERS } : JSON_HEADERS;
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
   * Sends bytes that are stored as a string, with status 200.
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

  /** Begins a response whose body follows in parts. The head is sent with the first part. */
  begin(status: number, headers: ResponseHeaders): void {
    if (this.isOpen) this.writeHead(status, headers);
  }

  /**
   * Begins a stream of events. Its head and the events of this turn of the event loop are sent at its end; without an event, a
   * comment: some reverse proxies hold back a head until the first byte of the body. Further comments keep the connection
   * open. A stream that ends in this turn is sent as one complete response.
   */
  beginStream(status: number, headers: ResponseHeaders): void {
    if (!this.isOpen) return;
    clearTimeout(this.timer);
    this.start = new HeldStart(status, headers, (start) => this.endTurn(start));
  }

  /** Begins a stream of events after `delayMs`, unless a response has begun by then. */
  beginStreamAfter(delayMs: number, status: number, headers: ResponseHeaders): void {
    if (!this.isOpen) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.beginStream(status, headers), delayMs);
  }

  /** Writes a part of the body. Returns false if the client reads too slowly: wait for `onceDrained`. */
  write(chunk: Buffer | string): boolean {
    if (this.isOver) return true;
    if (typeof chunk === 'string' && this.start?.add(chunk)) return true;
    if (this.start) this.sendStart(this.start);
    return this.response.write(chunk);
  }

  /** Calls `resume` once, when the client has caught up or disconnected. Several callers may wait at the same time. */
  onceDrained(resume: () => void): void {
    this.waiters ??= new DrainWaiters(this.response);
    this.waiters.add(resume);
  }

  end(): void {
    if (this.start) this.sendWhole(this.start);
    else if (!this.isOver) this.response.end();
  }

  /** Writes the last part of the body. */
  endWith(last: Buffer): void {
    if (this.start) this.sendStart(this.start);
    if (!this.isOver) this.response.end(last);
  }

  /** Closes the connection of a response that can't be completed, so that the client notices it. */
  destroy(): void {
    this.dropStart();
    if (!this.isQueued && !this.response.writableEnded) this.response.destroy();
  }

  private closed(): void {
    clearInterval(this.timer);
    this.dropStart();
    if (!this.isQueued && !this.response.writableFinished) {
      this.isDisconnected = true;
      this.disconnect?.();
      this.controller?.abort();
    }
    this.waiters?.release();
  }

  private dropStart(): void {
    this.start?.take();
    this.start = undefined;
  }

  private endTurn(start: HeldStart): void {
    if (this.sendStart(start) === '') this.sendComment();
  }

  /** Sends the head and the held events of a stream that goes on. Returns the events. */
  private sendStart(start: HeldStart): string {
    const text = start.take();
    this.start = undefined;
    this.writeHead(start.status, start.headers);
    if (text !== '') this.response.write(text);
    this.timer = setInterval(() => this.sendComment(), KEEP_ALIVE_MS);
    return text;
  }

  /** Sends a stream that has ended before anything of it was sent. */
  private sendWhole(start: HeldStart): void {
    const { status, headers } = start;
    const text = start.take();
    this.start = undefined;
    if (status === 200 && this.mayQueue(text.length) && this.enqueue(headers, toLatin1Bytes(text))) return;
    this.writeHead(status, headers);
    this.response.end(text);
  }

  private sendComment(): void {
    const { writableNeedDrain, writableEnded } = this.response;
    if (!writableNeedDrain && !writableEnded) this.write(SSE_COMMENT);
  }

  /** Responses with common headers are sent by node, which checks headers about the connection. */
  private mayQueue(length: number): boolean {
    return this.queue !== undefined && this.common === undefined && length <= this.queue.maxBytes;
  }

  private enqueue(headers: ResponseHeaders, body: string): boolean {
    this.isQueued = this.queue?.enqueue(this.response, headers, body) ?? false;
    return this.isQueued;
  }

  private writeHead(status: number, headers: ResponseHeaders): void {
    const { common } = this;
    if (!common) return void this.response.writeHead(status, headers);
    const vary = [common['vary'], headers['vary']].filter((one) => one !== undefined).join(', ');
    this.response.writeHead(status, { ...common, ...headers, ...(vary && { vary }) });
  }

  /** Whether nothing more can be written. */
  private get isOver(): boolean {
    return this.isDisconnected || this.isQueued;
  }
}
