import { parseJson } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { TranslatedResponse } from '../translation/translated-response.js';
import { StopReading } from '../../upstream/message-reader.js';
import { MODERN_TO_LEGACY } from '../translation/modern-to-legacy.js';
import { McpResponseWriter } from '../translation/mcp-response-writer.js';
import type { NotificationFilter } from '../../server-requests/notification-filter.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { HttpSseClientResponse } from './http-sse-client-response.js';

/** Translates the messages of an HTTP+SSE upstream for a modern client, like those of any legacy upstream. */
export class TranslatedHttpSseResponse implements HttpSseClientResponse {
  private readonly translated: TranslatedResponse;

  constructor(
    private readonly call: UpstreamCall,
    notifications: NotificationFilters,
  ) {
    const { message } = call;
    const writer = new McpResponseWriter(call);
    // No client capabilities were declared, and the connection rejects requests of the upstream itself.
    this.translated = new TranslatedResponse(
      call,
      MODERN_TO_LEGACY,
      writer,
      message.id,
      notifications,
      () => undefined,
    );
  }

  get pace(): NotificationFilter {
    return this.translated.notifications;
  }

  body(): Buffer {
    return MODERN_TO_LEGACY.body(this.call);
  }

  notification(json: string): boolean {
    return this.onMessage(json);
  }

  onDrain(resume: () => void): void {
    this.translated.onDrain(resume);
  }

  response(json: string): void {
    this.onMessage(json);
  }

  fail(error: LetheError): void {
    this.translated.fail(error);
  }

  private onMessage(json: string): boolean {
    const message = parseJson(json);
    try {
      return message === undefined || this.translated.onMessage(message, json, undefined);
    } catch (error) {
      if (error instanceof StopReading) return true;
      throw error;
    }
  }
}
