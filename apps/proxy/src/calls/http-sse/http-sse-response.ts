import { encodeSseEvent } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { failureResponse } from '../../request/failure-response.js';
import { STREAM_HEADERS } from '../../http/response/stream-headers.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import { Elicitations } from '../../server-requests/elicitations.js';
import type { NotificationFilter } from '../../server-requests/notification-filter.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import { upstreamFailed } from '../../upstream/upstream-errors.js';
import type { HttpSseClientResponse } from './http-sse-client-response.js';

/** Sends the messages to a legacy client: as one JSON body, or as a stream once there was a notification. */
export class HttpSseResponse implements HttpSseClientResponse {
  readonly pace: NotificationFilter;

  constructor(
    private readonly call: UpstreamCall,
    notifications: NotificationFilters,
  ) {
    this.pace = notifications.ofCall(call, (json) => void this.write(json));
  }

  body(): Buffer {
    return this.call.target.body;
  }

  notification(json: string): boolean {
    const passed = this.pace.passJson(json);
    return passed === undefined || this.write(passed);
  }

  onDrain(resume: () => void): void {
    this.call.response.onceDrained(resume);
  }

  response(json: string): void {
    const { credentials, trace } = this.call;
    trace?.answered(json);
    const shown = Elicitations.of(credentials.access).inResponse(json);
    if (shown === undefined) throw upstreamFailed(credentials.access, 'elicitation_url');
    this.finish(shown);
  }

  fail(error: LetheError): void {
    if (this.call.response.hasBegun) this.finish(failureResponse(this.call, error).json);
    else this.pace.finish();
  }

  private write(json: string): boolean {
    const { response } = this.call;
    if (!response.hasBegun) response.beginStream(200, STREAM_HEADERS);
    return response.write(encodeSseEvent(json));
  }

  private finish(json: string): void {
    const { response } = this.call;
    for (const waiting of this.pace.finish()) this.write(waiting);
    if (!response.hasBegun) return response.sendJson(200, json);
    response.write(encodeSseEvent(json));
    response.end();
  }
}
