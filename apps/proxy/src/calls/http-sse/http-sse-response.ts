import { encodeSseEvent } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { errorBody } from '../../protocol/mcp-error-response.js';
import { STREAM_HEADERS } from '../relay/event-stream-relay.js';
import type { Relayed } from '../call-forwarder.js';
import type { SseTold } from './sse-told.js';

/** Tells a legacy client the answer as it came: as JSON, or as the end of a stream once there was a notification. */
export class SseReply implements SseTold {
  constructor(private readonly relayed: Relayed) {}

  body(): Buffer {
    return this.relayed.body;
  }

  notification(json: string): boolean {
    const { reply } = this.relayed.exchange;
    if (!reply.hasBegun) reply.beginStream(200, STREAM_HEADERS);
    return reply.write(encodeSseEvent(json));
  }

  onDrain(resume: () => void): void {
    this.relayed.exchange.reply.onceDrained(resume);
  }

  answer(json: string): void {
    const { reply } = this.relayed.exchange;
    if (!reply.hasBegun) return reply.json(200, json);
    reply.write(encodeSseEvent(json));
    reply.end();
  }

  broken(error: LetheError): void {
    const { exchange, request } = this.relayed;
    if (exchange.reply.hasBegun) this.answer(errorBody(error, request.id));
  }
}
