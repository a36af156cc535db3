import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HTTP_SERVER_OPTIONS } from '@lethe/platform';

/** Longer ones are left to node, which waits for a client that is slow to take them. */
export const MAX_COALESCED_BYTES = 32 * 1024;
/** Answers that leave together at most. */
export const MAX_QUEUED = 64;
/** How long the first of them waits until the next piece of work looks, besides the turn's end. */
const MAX_WAIT_MS = 2;

const KEEP_ALIVE_SECONDS = Math.floor((HTTP_SERVER_OPTIONS.keepAliveTimeout ?? 0) / 1000);
const STATUS_LINE = 'HTTP/1.1 200 OK\r\n';
const CONNECTION = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_SECONDS}\r\n`;
/** What RFC 9110, section 5.5, lets a value hold, of ASCII. */
const LEGAL = /^[\t\x20-\x7e]*$/;
const NAME = /^[a-z0-9-]+$/;
/** What says how the message and its connection go on is written here or, with what it asks for, by node. */
const FRAMING = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'date']);

/** What comes before the length of a whole answer with status 200. */
export type ResponseHead = string & { readonly of: 'a whole answer' };

/**
 * @param headers in lower case; Content-Length is left out, as it will be that of the body
 * @returns undefined where one of them asks for node's care, or is none that may be sent so
 */
export function responseHead(headers: Readonly<Record<string, string>>): ResponseHead | undefined {
  let head = STATUS_LINE;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!LEGAL.test(value) || !NAME.test(name) || FRAMING.has(name)) return undefined;
    if (name !== 'content-length') head += `${name}: ${value}\r\n`;
  }
  return head as ResponseHead;
}

interface QueuedResponse {
  readonly response: ServerResponse;
  readonly socket: Socket;
  readonly text: string;
}

/** In the order in which they were given; one list for the process, as its event loop is one. */
let waiting: QueuedResponse[] = [];
let waitingSince = 0;
let turnEnd: NodeJS.Immediate | undefined;

/**
 * Sends a whole answer as one piece, past the ServerResponse, whose buffers and checks are a third of what node's server
 * costs; node is then told that the response has ended, as the response would tell it, and goes on with the connection's
 * next request. All answers of one turn of the event loop leave at its end, or earlier when they are many or it is long:
 * writing is most of what an answer costs, and costs half as much when many are written after each other, to clients that
 * are awake.
 * @param body one character per byte (`latin1`)
 * @returns false when nothing will be sent: it is not its turn, the connection is to end, the client is slow, or it is too
 * long
 */
export function enqueue(response: ServerResponse, head: ResponseHead, body: string): boolean {
  const { socket } = response;
  if (socket === null || !response.shouldKeepAlive || !socket.writable || socket.writableLength > 0) return false;
  if (body.length > MAX_COALESCED_BYTES) return false;
  const text = `${head}content-length: ${body.length}\r\nDate: ${httpDate()}\r\n${CONNECTION}\r\n${body}`;
  const count = waiting.push({ response, socket, text });
  if (count === 1) {
    waitingSince = Date.now();
    turnEnd = setImmediate(flush);
  } else if (count === MAX_QUEUED) flush();
  return true;
}

/** To be called before other work of the same turn: sends what has waited for too long already. */
export function flushIfOverdue(): void {
  if (waiting.length > 0 && Date.now() - waitingSince >= MAX_WAIT_MS) flush();
}

/** To be called before a connection ends or breaks, so that an answer that was given before is sent before. */
export function flush(): void {
  if (waiting.length === 0) return;
  clearImmediate(turnEnd);
  const together = waiting;
  waiting = [];
  for (const { response, socket, text } of together) {
    if (!socket.writable) continue;
    try {
      socket.write(text, 'latin1');
      response.emit('finish');
    } catch {
      // The others are nobody's fault.
      socket.destroy();
    }
  }
}

let knownSecond = 0;
let knownDate = '';

/** RFC 9110, section 5.6.7; it changes once a second. */
function httpDate(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== knownSecond) {
    knownSecond = second;
    knownDate = new Date(second * 1000).toUTCString();
  }
  return knownDate;
}
