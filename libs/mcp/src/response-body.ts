import type { JsonObject } from '@lethe/contracts';
import type { RpcId } from './json-rpc.js';
import { isObject, parseJson } from './json/value.js';
import type { SseEvent } from './sse.js';

// What verifications and calls read in a response, with the tolerance of the official SDKs. A JSON body that is relayed
// unread is checked by `ResponseIdScanner`, by the same rules.

const BYTE_ORDER_MARK = '\ufeff';
const LIST_START = /^[ \t\r\n]*\[/;

/**
 * Whether the id of a response is the id of this request. Some servers send a numeric id back as a string; the official SDKs
 * convert it to a number. Here the string must be written as the number is.
 */
export function isIdOf(given: unknown, id: RpcId): boolean {
  return given === id || (typeof id === 'number' && given === String(id));
}

/**
 * The JSON of the one message in a JSON body: without a byte order mark, and without the list around it, in which some servers
 * of MCP 2025-03-26 send a single response.
 */
export function messageText(body: string): string {
  const text = body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body;
  if (!LIST_START.test(text)) return text;
  const value = parseJson(text);
  return Array.isArray(value) && value.length === 1 ? text.slice(text.indexOf('[') + 1, text.lastIndexOf(']')) : text;
}

/** The JSON of the message in an event; undefined if it has none. Events of another type than `message` are no messages. */
export function eventMessage({ event, data }: SseEvent): string | undefined {
  return data === '' || (event !== undefined && event !== '' && event !== 'message') ? undefined : data;
}

/** Whether a value is the JSON-RPC response, result or error, to request `id`. */
export function isResponseTo(id: RpcId, message: unknown): message is JsonObject {
  if (!isObject(message) || !isIdOf(message['id'], id)) return false;
  return message['result'] !== undefined || message['error'] !== undefined;
}

/**
 * Whether a value is a JSON-RPC error that a response with an HTTP status of failure may have: for request `id`, or without
 * an id, because a server may fail before it has read it.
 */
export function isErrorFor(id: RpcId, message: unknown): message is JsonObject & { error: JsonObject } {
  if (!isObject(message) || !isObject(message['error'])) return false;
  const { id: given } = message;
  return given === undefined || given === null || isIdOf(given, id);
}
