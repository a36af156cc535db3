import { isAscii, isUtf8 } from 'node:buffer';
import type { JsonObject, JsonValue } from '@lethe/contracts';
import { type MessageSpans, scanMessage, type Span } from './json/message-scan.js';
import { isObject, parseJson } from './json/value.js';

/** Id of a request: a string or a safe integer, never null (MCP, base protocol, requests). */
export type RpcId = string | number;

interface Received {
  readonly bytes: Buffer;
  readonly spans: MessageSpans;
}
/** A request, with its bytes as they were received. */
export interface RpcRequest extends Received {
  readonly kind: 'request';
  readonly id: RpcId;
  readonly method: string;
  readonly params: JsonObject;
}
/** A notification. */
export interface RpcNotification extends Received {
  readonly kind: 'notification';
  readonly method: string;
  readonly params: JsonObject;
}
/** A response. Its content is not decoded. */
export interface RpcResponse extends Received {
  readonly kind: 'response';
  readonly id: RpcId;
}
/** A JSON-RPC message. */
export type RpcMessage = RpcRequest | RpcNotification | RpcResponse;

/** Why bytes are not one JSON-RPC message. Only a code, because a parser's message quotes its input. */
export type DecodeProblem = 'not_json' | 'too_deep' | 'duplicate_member' | 'batch' | 'not_a_message';
/** A message, or why there is none. */
export type Decoded = { ok: true; message: RpcMessage } | { ok: false; problem: DecodeProblem };

/** Deepest nesting that a client's message may have. */
export const MAX_MESSAGE_DEPTH = 64;

/** Decodes one JSON-RPC 2.0 message. Batches are rejected, as all supported versions except 2025-03-26 require. */
export function decodeMessage(bytes: Buffer): Decoded {
  const isPlain = isAscii(bytes);
  if (!isPlain && !isUtf8(bytes)) return { ok: false, problem: 'not_json' };
  const characters = bytes.toString('latin1');
  const scan = scanMessage(characters, MAX_MESSAGE_DEPTH, isPlain);
  if (!scan.ok) return scan;
  const value = parseJson(isPlain ? characters : bytes.toString('utf8'));
  if (value === undefined) return { ok: false, problem: 'not_json' };
  if (Array.isArray(value)) return { ok: false, problem: 'batch' };
  const message = toMessage(value, bytes, scan.spans);
  return message ? { ok: true, message } : { ok: false, problem: 'not_a_message' };
}

function toMessage(value: JsonValue, bytes: Buffer, spans: MessageSpans): RpcMessage | undefined {
  if (!isObject(value) || value['jsonrpc'] !== '2.0') return undefined;
  const { id, method } = value;
  if (method === undefined) return toResponse(value, bytes, spans);
  const params = value['params'] === undefined ? {} : value['params'];
  if (typeof method !== 'string' || !isObject(params)) return undefined;
  if (id === undefined) return { kind: 'notification', method, params, bytes, spans };
  return isRpcId(id) ? { kind: 'request', id, method, params, bytes, spans } : undefined;
}

function toResponse(value: JsonObject, bytes: Buffer, spans: MessageSpans): RpcResponse | undefined {
  const { id, result, error } = value;
  if (!isRpcId(id) || (result === undefined) === (error === undefined)) return undefined;
  return { kind: 'response', id, bytes, spans };
}

/** Whether a value is a request id. */
export function isRpcId(id: JsonValue | undefined): id is RpcId {
  return typeof id === 'string' || Number.isSafeInteger(id);
}

/** The message's bytes with one parameter replaced. All other bytes stay as received, so numbers keep their digits. */
export function withParam(message: RpcRequest, name: 'name' | 'uri', value: string): Buffer {
  const span = message.spans.get(`params.${name}`);
  return span ? withValue(message.bytes, span, value) : message.bytes;
}

/** The bytes of a JSON text with the value at a span replaced. */
export function withValue(bytes: Buffer, { start, end }: Span, value: JsonValue): Buffer {
  return Buffer.concat([bytes.subarray(0, start), Buffer.from(JSON.stringify(value)), bytes.subarray(end)]);
}

/** The span of a member of the object at a span. */
export function memberSpan(bytes: Buffer, within: Span | undefined, name: string): Span | undefined {
  if (!within) return undefined;
  const scan = scanMessage(bytes.toString('latin1', within.start, within.end), Infinity);
  const span = scan.ok ? scan.spans.get(name) : undefined;
  return span && { start: within.start + span.start, end: within.start + span.end };
}

/** The value at a span; undefined if there is no span. */
export function valueAt(bytes: Buffer, span: Span | undefined): JsonValue | undefined {
  return span && parseJson(bytes.toString('utf8', span.start, span.end));
}

/** Encodes a response whose result is already JSON. */
export function encodeResult(id: RpcId, resultJson: string): string {
  return `${encodeResultStart(id)}${resultJson}}`;
}

/** Encodes the start of a response, up to the result. `closedResult` encodes the rest. */
export function encodeResultStart(id: RpcId): string {
  return `{"jsonrpc":"2.0","id":${typeof id === 'number' ? id : JSON.stringify(id)},"result":`;
}

/** Encodes the result and the end of a response, as bytes: for a result that is sent many times. */
export function closedResult(resultJson: string): Buffer {
  return Buffer.from(`${resultJson}}`);
}

/** Encodes an error response. `id` is null if the request could not be read. */
export function encodeError(id: RpcId | null, error: { code: number; message: string; data?: object }): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}

/** Encodes the response to an unsupported request of a server. */
export function encodeMethodNotFound(id: RpcId): string {
  return encodeError(id, { code: -32601, message: 'Method not found' });
}

/** Encodes the response to a ping. */
export function encodePong(id: RpcId): string {
  return encodeResult(id, '{}');
}

/** Encodes a request that Lethe itself sends to an upstream. */
export function encodeRequest(id: RpcId, method: string, params: JsonObject): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
}

/** Encodes a notification. */
export function encodeNotification(method: string, params?: JsonObject): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: '2.0', method, ...(params && { params }) }));
}
