import { encodeSseEvent } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import { errorBody } from '../../protocol/mcp-error-response.js';
import { STREAM_HEADERS } from '../relay/event-stream-relay.js';
import type { UpstreamCall } from '../call-forwarder.js';
import type { HttpSseClientResponse } from './sse-told.js';

/** Tells a legacy client the answer as it came: as JSON, or as the end of a stream once there was a notification. */
export class HttpSseResponse implements HttpSseClientResponse {
  constructor(private readonly relayed: UpstreamCall) {}

  body(): Buffer {
    return this.relayed.body;
  }

  notification(json: string): boolean {
    const { response } = this.relayed.exchange;
    if (!response.hasBegun) response.beginStream(200, STREAM_HEADERS);
    return response.write(encodeSseEvent(json));
  }

  onDrain(resume: () => void): void {
    this.relayed.exchange.response.onceDrained(resume);
  }

  response(json: string): void {
    const { response } = this.relayed.exchange;
    if (!response.hasBegun) return response.sendJson(200, json);
    response.write(encodeSseEvent(json));
    response.end();
  }

  broken(error: LetheError): void {
    const { exchange, request } = this.relayed;
    if (exchange.response.hasBegun) this.response(errorBody(error, request.id));
  }
}
