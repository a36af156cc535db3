import { encodeSseEvent } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { failureResponse } from '../../request/failure-response.js';
import { STREAM_HEADERS } from '../../http/response/stream-headers.js';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { HttpSseClientResponse } from './http-sse-client-response.js';

/** Sends the messages to a legacy client unchanged: as one JSON body, or as a stream once there was a notification. */
export class HttpSseResponse implements HttpSseClientResponse {
  constructor(private readonly call: UpstreamCall) {}

  body(): Buffer {
    return this.call.target.body;
  }

  notification(json: string): boolean {
    const { response } = this.call;
    if (!response.hasBegun) response.beginStream(200, STREAM_HEADERS);
    return response.write(encodeSseEvent(json));
  }

  onDrain(resume: () => void): void {
    this.call.response.onceDrained(resume);
  }

  response(json: string): void {
    const { response } = this.call;
    if (!response.hasBegun) return response.sendJson(200, json);
    response.write(encodeSseEvent(json));
    response.end();
  }

  fail(error: LetheError): void {
    if (this.call.response.hasBegun) this.response(failureResponse(this.call, error).json);
  }
}
