import { HTTP_SERVER_OPTIONS } from '@lethe/platform';
import type { ResponseHeaders } from '../response-writer.js';

const KEEP_ALIVE_SECONDS = Math.floor((HTTP_SERVER_OPTIONS.keepAliveTimeout ?? 0) / 1000);
const STATUS_LINE = 'HTTP/1.1 200 OK\r\n';
/** The ASCII part of what RFC 9110, section 5.5, allows in a value. */
const LEGAL_VALUE = /^[\t\x20-\x7e]*$/;
const LEGAL_NAME = /^[a-z0-9-]+$/;
/** Headers that say how the message is framed and how the connection goes on: node writes them, or the lines below do. */
const FRAMING = new Set(['connection', 'keep-alive', 'transfer-encoding', 'trailer', 'upgrade', 'date']);

/** What node's server writes for a connection that stays open. */
export const KEEP_ALIVE_HEADERS = `Connection: keep-alive\r\nKeep-Alive: timeout=${KEEP_ALIVE_SECONDS}\r\n`;

/**
 * The status line and headers of a whole response with status 200. `content-length` is left out: it is written with the body.
 * @returns undefined when a header has to be judged by node, or may not be sent at all
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
