import { encodeResult, encodeSseEvent, type RpcId } from '@lethe/mcp';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import { BEFORE_STREAM_MS, STREAM_HEADERS } from '../../http/response/stream-headers.js';
import type { RpcError } from '../../protocol/rpc-error.js';
import type { ClientOutcome } from './era-translation.js';

/**
 * Writes the response to one translated request: one JSON body, or a stream if anything is sent before the response, or if
 * the client would wait too long without a byte.
 */
export class McpResponseWriter {
  constructor(
    private readonly response: ResponseWriter,
    private readonly id: RpcId,
  ) {}

  /** The upstream streams, so its response may take any time. */
  expectWait(): void {
    this.response.beginStreamAfter(BEFORE_STREAM_MS, 200, STREAM_HEADERS);
  }

  /** Sends a notification. Returns false when the client reads too slowly. */
  notification(json: string): boolean {
    this.response.beginStream(200, STREAM_HEADERS);
    return this.response.write(encodeSseEvent(json));
  }

  finish(outcome: ClientOutcome): void {
    const isError = 'error' in outcome;
    const body = isError ? errorJson(this.id, outcome.error) : encodeResult(this.id, outcome.resultJson);
    if (!this.hasBegun) return this.response.sendJson(isError ? outcome.status : 200, body);
    this.response.write(encodeSseEvent(body));
    this.response.end();
  }

  onceDrained(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  /** The stream has begun, so a failure can only be reported in it. */
  get hasBegun(): boolean {
    return this.response.hasBegun;
  }
}

function errorJson(id: RpcId, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
