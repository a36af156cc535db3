import type { ServerResponse } from 'node:http';
import { encodeResultStart, type RpcId, SSE_COMMENT } from '@lethe/mcp';
import type { PregzippedBody } from './pregzipped-body.js';
import { acceptsGzip } from './accept-encoding.js';
import { toLatin1Bytes } from './byte-characters.js';
import type { RequestHeaders } from './request-headers.js';
import { MAX_COALESCED_BYTES, enqueue, type ResponseHead, responseHead } from './fast/coalesced-responses.js';

const JSON_TYPE = 'application/json';
/** Longer bytes leave as bytes: as a string they would be copied once more. */
const MAX_JOINED_BYTES = 8 * 1024;
const PAGE = { 'content-type': JSON_TYPE, vary: 'accept-encoding' };
const PACKED_PAGE = { ...PAGE, 'content-encoding': 'gzip' };
const [PAGE_HEAD, PACKED_PAGE_HEAD] = [responseHead(PAGE), responseHead(PACKED_PAGE)];
/** Under the shortest idle limit that is usual on the way. */
export const KEEP_ALIVE_MS = 15_000;

/** Where the answer of one exchange goes. Writing to a client that has left is not an error: it is dropped. */
export class ResponseWriter {
  private isGone = false;
  /** The whole answer goes past the response, and is not to be touched any more. */
  private isSent = false;
  private leave: (() => void) | undefined;
  private gone: AbortController | undefined;
  private common: Readonly<Record<string, string>> | undefined;
  private waiting: (() => void)[] = [];

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => {
      if (this.isSent || response.writableFinished) return;
      this.isGone = true;
      this.leave?.();
      this.gone?.abort();
    });
  }

  /** Aborts when the client leaves before its answer is whole. Costs more than `whenGone`. */
  get disconnected(): AbortSignal {
    this.gone ??= new AbortController();
    if (this.isGone) this.gone.abort();
    return this.gone.signal;
  }

  /** Calls back, once and at once where it is so, when the client leaves before its answer is whole. One may ask. */
  onDisconnect(leave: () => void): void {
    if (this.isGone) leave();
    else this.leave = leave;
  }

  /** Headers of whatever is answered, such as what lets a page read it. */
  setHeaders(headers: Readonly<Record<string, string>>): void {
    this.common = { ...this.common, ...headers };
  }

  get hasBegun(): boolean {
    return this.isSent || this.response.headersSent;
  }

  sendJson(status: number, body: string, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.isOpen()) return;
    const known = { ...headers, 'content-type': JSON_TYPE };
    const isShort = body.length <= MAX_COALESCED_BYTES;
    if (status === 200 && isShort && this.enqueues(responseHead(known), toLatin1Bytes(body))) return;
    this.head(status, { ...known, 'content-length': String(Buffer.byteLength(body)) });
    this.response.end(body);
  }

  /** A result whose bytes were made before, packed for those who take it so. */
  sendResult(id: RpcId, page: PregzippedBody, asked: RequestHeaders): void {
    if (!this.isOpen()) return;
    const start = encodeResultStart(id);
    const packed = acceptsGzip(asked.get('accept-encoding')) ? page.gzip(start) : undefined;
    const [headers, head] = packed === undefined ? [PAGE, PAGE_HEAD] : [PACKED_PAGE, PACKED_PAGE_HEAD];
    const isShort = page.bytes.length <= MAX_JOINED_BYTES;
    const whole = packed ?? (isShort ? toLatin1Bytes(start) + page.bytes.toString('latin1') : undefined);
    if (whole !== undefined && this.enqueues(head, whole)) return;
    const vary = [this.common?.['vary'], headers.vary].filter((one) => one !== undefined).join(', ');
    const length = whole?.length ?? Buffer.byteLength(start) + page.bytes.length;
    this.head(200, { ...headers, vary, 'content-length': String(length) });
    if (whole !== undefined) {
      this.response.end(whole, 'latin1');
      return;
    }
    this.response.write(start);
    this.response.end(page.bytes);
  }

  /** A whole answer with status 200; a short one leaves in one piece. */
  send(headers: Readonly<Record<string, string>>, body: Buffer): void {
    if (!this.isOpen()) return;
    if (body.length <= MAX_JOINED_BYTES && this.enqueues(responseHead(headers), body.toString('latin1'))) return;
    this.head(200, headers);
    this.response.end(body);
  }

  sendEmpty(status: number, headers: Readonly<Record<string, string>> = {}): void {
    if (!this.isOpen()) return;
    this.head(status, headers);
    this.response.end();
  }

  /** The head of an answer whose body comes piece by piece; it leaves with the first piece. */
  begin(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.isOpen()) this.head(status, headers);
  }

  /** As `begin`, for a stream of events: the head leaves at once, and comments keep it open on its way while it is quiet. */
  beginStream(status: number, headers: Readonly<Record<string, string>>): void {
    if (!this.isOpen()) return;
    this.begin(status, headers);
    this.response.flushHeaders();
    const timer = setInterval(() => this.sendKeepAlive(), KEEP_ALIVE_MS);
    this.response.once('close', () => clearInterval(timer));
  }

  private sendKeepAlive(): void {
    const { writableNeedDrain, writableEnded } = this.response;
    if (!writableNeedDrain && !writableEnded) this.response.write(SSE_COMMENT);
  }

  /** False when the client is slower than the upstream: wait for `onceDrained`. */
  write(chunk: Buffer | string): boolean {
    return this.isOver || this.response.write(chunk);
  }

  /** Any number may wait, such as the upstreams of one stream. */
  onceDrained(resume: () => void): void {
    if (this.waiting.push(resume) > 1) return;
    const once = (): void => {
      this.response.off('drain', once).off('close', once);
      for (const waiter of this.waiting.splice(0)) waiter();
    };
    this.response.on('drain', once).on('close', once);
  }

  end(): void {
    if (!this.isOver) this.response.end();
  }

  /** The last of an answer. */
  endWith(last: Buffer): void {
    if (!this.isOver) this.response.end(last);
  }

  /** Ends an answer that can't be completed, visibly. */
  destroy(): void {
    if (!this.isSent && !this.response.writableEnded) this.response.destroy();
  }

  /** Not with headers of `always`: node's response puts those together. */
  private enqueues(head: ResponseHead | undefined, body: string): boolean {
    this.isSent = this.common === undefined && head !== undefined && enqueue(this.response, head, body);
    return this.isSent;
  }

  private head(status: number, headers: Readonly<Record<string, string>>): void {
    this.response.writeHead(status, this.common ? { ...this.common, ...headers } : headers);
  }

  private isOpen(): boolean {
    return !this.isGone && !this.hasBegun;
  }

  /** Nothing more can or may be written. */
  private get isOver(): boolean {
    return this.isGone || this.isSent;
  }
}
