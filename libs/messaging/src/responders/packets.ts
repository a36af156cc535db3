import type { CoreMessage } from '../core-connection.js';
import { assertMessageSize } from '../payload.js';

/** The kind of a reply, carried in the `err` member of Nest's packet. */
export const REPLY_PROBLEM = { foreign: 'lethe:foreign-reply', failed: 'lethe:responder-failed' } as const;

interface Packet {
  id?: string;
  pattern?: string;
  data?: unknown;
  err?: unknown;
  response?: unknown;
  isDisposed?: boolean;
}

function parse(message: CoreMessage): Packet | undefined {
  try {
    const parsed = message.json();
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Writes Nest's packets as its NATS transport does; one longer than a bus message may be is refused. */
export class BoundedSerializer {
  serialize(packet: unknown): { data: string; headers?: undefined } {
    const data = JSON.stringify(packet);
    assertMessageSize(data);
    return { data };
  }
}

/** Reads requests and notices. Anything that is not a packet becomes one without data, which every contract refuses. */
export class RequestDeserializer {
  deserialize(message: CoreMessage, options: { channel: string }): Packet & { pattern: string; data: unknown } {
    const packet = parse(message);
    const id = typeof packet?.id === 'string' ? packet.id : undefined;
    return { pattern: options.channel, data: packet?.data, id };
  }
}

/** Reads replies. Only a responder's packet is one: a stream's acknowledgement, or anything else, is foreign. */
export class ReplyDeserializer {
  deserialize(message: CoreMessage): Packet {
    const packet = parse(message);
    if (typeof packet?.id !== 'string') return { err: REPLY_PROBLEM.foreign, isDisposed: true };
    if (packet.err !== undefined) return { id: packet.id, err: REPLY_PROBLEM.failed, isDisposed: true };
    return { id: packet.id, response: packet.response, isDisposed: packet.isDisposed };
  }
}
