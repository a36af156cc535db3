import { encodeSseEvent } from '@lethe/mcp';
import type { ReplySink } from '../exchange/reply-sink.js';
import type { Notified } from './sse-connection.js';

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

/** Tells a client the answer: as JSON, or as the end of a stream of events once there was a notification. */
export class SseReply implements Notified {
  constructor(private readonly reply: ReplySink) {}

  notification(json: string): boolean {
    if (!this.reply.hasBegun) this.reply.beginStream(200, HEADERS);
    return this.reply.write(encodeSseEvent(json));
  }

  onDrain(resume: () => void): void {
    this.reply.onceDrained(resume);
  }

  answer(json: string): void {
    if (!this.reply.hasBegun) return this.reply.json(200, json);
    this.reply.write(encodeSseEvent(json));
    this.reply.end();
  }
}
