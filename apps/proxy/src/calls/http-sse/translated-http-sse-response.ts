import { parseJson } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { CrossedAnswer } from '../translation/translated-response.js';
import { StopReading } from '../../upstream/message-reader.js';
import { MODERN_TO_LEGACY } from '../translation/modern-to-legacy.js';
import { ToldReply } from '../translation/mcp-response-writer.js';
import type { Relayed } from '../call-forwarder.js';
import type { SseTold } from './sse-told.js';

/** Tells a modern client what an upstream of the HTTP+SSE transport says, as any legacy upstream is told. */
export class CrossedSseReply implements SseTold {
  private readonly answered: CrossedAnswer;

  constructor(private readonly relayed: Relayed) {
    const { exchange, request } = relayed;
    const reply = new ToldReply(exchange.reply, request.id);
    // Nothing was offered that the upstream may ask, and the connection answers for itself.
    this.answered = new CrossedAnswer(relayed, MODERN_TO_LEGACY, reply, request.id, () => undefined);
  }

  body(): Buffer {
    return MODERN_TO_LEGACY.body(this.relayed);
  }

  notification(json: string): boolean {
    return this.hand(json);
  }

  onDrain(resume: () => void): void {
    this.answered.onDrain(resume);
  }

  answer(json: string): void {
    this.hand(json);
  }

  broken(error: LetheError): void {
    this.answered.broken(error);
  }

  private hand(json: string): boolean {
    const message = parseJson(json);
    try {
      return message === undefined || this.answered.take(message, json, undefined);
    } catch (error) {
      if (error instanceof StopReading) return true;
      throw error;
    }
  }
}
