import { traceparentOf } from '@lethe/mcp';
import { activeSpan } from '@lethe/platform';
import type { CoreMessage } from '../core-connection.js';
import { assertMessageSize, encodePayload } from '../payload.js';

interface Packet {
  id?: string;
  pattern?: string;
  data?: unknown;
  err?: unknown;
  response?: unknown;
  isDisposed?: boolean;
  /** The trace of the request; the side that does not know it ignores it. */
  traceparent?: unknown;
}

function parse(message: CoreMessage): Packet | undefined {
  try {
    const parsed = message.json();
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Encodes packets as Nest's NATS transport does. Rejects packets that are too long for a bus message. */
export class BoundedSerializer {
  serialize(packet: unknown): { data: string; headers?: undefined } {
    const data = JSON.stringify(packet);
    assertMessageSize(data);
    return { data };
  }
}

/**
 * Encodes a request or a notice as Nest's NATS transport does. A request names the trace in which it is sent, if there is one.
 * @param id of a request; a notice has none
 * @throws RangeError if it is too long for a bus message
 */
export function encodePacket(pattern: string, data: object, id?: string): string {
  const span = id === undefined ? undefined : activeSpan.getStore();
  return encodePayload({ pattern, data, id, ...(span && { traceparent: traceparentOf(span) }) });
}

/** The `traceparent` of a request. */
export function traceparentIn(message: CoreMessage): unknown {
  return parse(message)?.traceparent;
}

/** Decodes requests and notices. Anything that is not a packet becomes one without data, which no contract accepts. */
export class RequestDeserializer {
  deserialize(message: CoreMessage, options: { channel: string }): Packet & { pattern: string; data: unknown } {
    const packet = parse(message);
    const id = typeof packet?.id === 'string' ? packet.id : undefined;
    return { pattern: options.channel, data: packet?.data, id };
  }
}

/** What a reply says: the response, which no contract has checked yet, or why there is none. */
export type Reply = { response: unknown } | { problem: 'no_responders' | 'invalid_reply' | 'failed' };

/**
 * Decodes the reply to a request, or `undefined` if it is one to another request. Anything but a responder's packet, such as the
 * acknowledgement of a stream, is invalid. Of a failure, what the other side said of it is dropped.
 */
export function decodeReply(message: CoreMessage, id: string): Reply | undefined {
  // The server answers so for a subject that nobody subscribes to.
  if (message.data.length === 0) return { problem: 'no_responders' };
  const packet = parse(message);
  if (typeof packet?.id !== 'string') return { problem: 'invalid_reply' };
  if (packet.id !== id) return undefined;
  return packet.err === undefined ? { response: packet.response } : { problem: 'failed' };
}

/** Encodes the reply to a request, as Nest's NATS transport does. @throws RangeError if it is too long for a bus message */
export function encodeReply(id: string, response: object): string {
  return encodePayload({ response, isDisposed: true, id });
}

/** Encodes that a responder failed, as Nest's NATS transport does of an error that it does not know. */
export function encodeFailure(id: string): string {
  return encodePayload({ err: { status: 'error', message: 'Internal server error' }, isDisposed: true, id });
}
