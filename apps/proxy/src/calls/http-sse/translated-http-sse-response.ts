import { parseJson } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { TranslatedResponse } from '../translation/translated-response.js';
import { StopReading } from '../../upstream/message-reader.js';
import { MODERN_TO_LEGACY } from '../translation/modern-to-legacy.js';
import { McpResponseWriter } from '../translation/mcp-response-writer.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { HttpSseClientResponse } from './sse-told.js';

/** Tells a modern client what an upstream of the HTTP+SSE transport says, as any legacy upstream is told. */
export class TranslatedHttpSseResponse implements HttpSseClientResponse {
  private readonly answered: TranslatedResponse;

  constructor(private readonly call: UpstreamCall) {
    const { message } = call;
    const response = new McpResponseWriter(call.response, message.id);
    // Nothing was offered that the upstream may ask, and the connection answers for itself.
    this.answered = new TranslatedResponse(call, MODERN_TO_LEGACY, response, message.id, () => undefined);
  }

  body(): Buffer {
    return MODERN_TO_LEGACY.body(this.call);
  }

  notification(json: string): boolean {
    return this.hand(json);
  }

  onDrain(resume: () => void): void {
    this.answered.onDrain(resume);
  }

  response(json: string): void {
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
