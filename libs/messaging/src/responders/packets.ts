import { traceparentOf } from '@lethe/mcp';
import { activeSpan } from '@lethe/platform';
import type { CoreMessage } from '../core-connection.js';
import { assertMessageSize } from '../payload.js';

/** Why a reply is not usable, as the `err` member of Nest's packet. */
export const REPLY_PROBLEM = { foreign: 'lethe:foreign-reply', failed: 'lethe:responder-failed' } as const;

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

/** As `BoundedSerializer`, for requests: each names the trace in which it is sent, if there is one. */
export class RequestSerializer extends BoundedSerializer {
  override serialize(packet: object): { data: string; headers?: undefined } {
    const span = 'id' in packet ? activeSpan.getStore() : undefined;
    return super.serialize(span ? { ...packet, traceparent: traceparentOf(span) } : packet);
  }
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

/** Decodes replies. Anything but a responder's packet, such as the acknowledgement of a stream, is marked as `foreign`. */
export class ReplyDeserializer {
  deserialize(message: CoreMessage): Packet {
    const packet = parse(message);
    if (typeof packet?.id !== 'string') return { err: REPLY_PROBLEM.foreign, isDisposed: true };
    if (packet.err !== undefined) return { id: packet.id, err: REPLY_PROBLEM.failed, isDisposed: true };
    return { id: packet.id, response: packet.response, isDisposed: packet.isDisposed };
  }
}
