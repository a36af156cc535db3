import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HTTP_SERVER_OPTIONS } from '@lethe/platform';
import type { ResponseHeaders, ResponseQueue } from '../response/response-queue.js';

/** Longest body. Longer ones are sent by node, which waits for clients that read slowly. */
export const MAX_COALESCED_BYTES = 32 * 1024;
/** Largest number of responses that are written together. */
export const MAX_QUEUED = 64;
/** Longest wait of a response. If it is over when another request begins, the queue is written first. */
const MAX_WAIT_MS = 2;

const KEEP_ALIVE_SECONDS = Math.floor((HTTP_SERVER_OPTIONS.keepAliveTimeout ?? 0) / 1000);
const STATUS_LINE = 'HTTP/1.1 200 OK\r\n';
/** The ASCII characters that RFC 9110, section 5.5, allows in a value. */
const LEGAL_VALUE = /^[\t\x20-\x7e]*$/;
const LEGAL_NAME = /^[a-z0-9-]+$/;
/** Headers about the framing of the message and the connection. Node writes them, or this file does. */
const FRAMING = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'date']);

/** The headers that node's server writes for a connection that stays open. */
const KEEP_ALIVE_HEADERS = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_SECONDS}\r\n`;

interface QueuedResponse {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly text: string;
}

/**
 * Writes complete responses of one server to their sockets, all responses of one turn of the event loop together (ADR 0013).
 *
 * Each response is one string that bypasses node's `ServerResponse`. The response then emits `finish`, as it would do itself,
 * and node's server continues with the next request of the connection. Writing many responses in a row costs half as much as
 * writing each when it is ready: code and data stay in the processor's caches, and clients are awake.
 */
export class CoalescedResponses implements ResponseQueue {
  readonly maxBytes = MAX_COALESCED_BYTES;
  /** In the order in which they were enqueued. */
  private queued: QueuedResponse[] = [];
  private queuedSince = 0;
  private turnEnd: NodeJS.Immediate | undefined;
  private readonly fixedHeads: ReadonlyMap<ResponseHeaders, string | undefined>;
  private second = 0;
  private date = '';

  /** @param fixed header objects that many responses share; their heads are built once */
  constructor(fixed: readonly ResponseHeaders[] = []) {
    this.fixedHeads = new Map(fixed.map((headers) => [headers, responseHead(headers)]));
  }

  /**
   * Queues a response with status 200. It is written at the end of this turn, or earlier if many are queued.
   * @param body one character per byte (`latin1`)
   * @returns false if `ServerResponse` must send it: an earlier response of the connection is not written yet, the
   *   connection ends with this one, the client reads slowly, the body is long, or a header needs node's checks
   */
  enqueue(response: ServerResponse, headers: ResponseHeaders, body: string): boolean {
    const { socket } = response;
    if (socket === null || !response.shouldKeepAlive || !socket.writable || socket.writableLength > 0) return false;
    if (body.length > MAX_COALESCED_BYTES) return false;
    const head = this.fixedHeads.get(headers) ?? responseHead(headers);
    if (head === undefined) return false;
    const text = `${head}content-length: ${body.length}\r\nDate: ${this.httpDate()}\r\n${KEEP_ALIVE_HEADERS}\r\n${body}`;
    const count = this.queued.push({ response, socket, text });
    if (count === 1) {
      this.queuedSince = Date.now();
      this.turnEnd = setImmediate(this.flush);
    } else if (count === MAX_QUEUED) this.flush();
    return true;
  }

  /** Writes the queue if it has waited too long. Call it before another request is served in the same turn. */
  flushIfOverdue(): void {
    if (this.queued.length > 0 && Date.now() - this.queuedSince >= MAX_WAIT_MS) this.flush();
  }

  /** Writes all queued responses. Call it before node ends a connection, so that its last response is not lost. */
  readonly flush = (): void => {
    if (this.queued.length === 0) return;
    clearImmediate(this.turnEnd);
    const responses = this.queued;
    this.queued = [];
    for (const { response, socket, text } of responses) {
      if (!socket.writable) continue;
      try {
        socket.write(text, 'latin1');
        response.emit('finish');
      } catch {
        // One broken connection must not stop the other responses.
        socket.destroy();
      }
    }
  };

  /** The `Date` header (RFC 9110, section 5.6.7), built once a second. */
  private httpDate(): string {
    const second = Math.floor(Date.now() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.date = new Date(second * 1000).toUTCString();
    }
    return this.date;
  }
}

/**
 * The status line and headers of a complete response with status 200, without `content-length`: it is written with the body.
 * @returns undefined if a header must be checked by node, or may not be sent at all
 */
export function responseHead(headers: ResponseHeaders): string | undefined {
  let head = STATUS_LINE;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!LEGAL_VALUE.test(value) || !LEGAL_NAME.test(name) || FRAMING.has(name)) return undefined;
    if (name !== 'content-length') head += `${name}: ${value}\r\n`;
  }
  return head;
}
