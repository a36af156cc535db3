import { encodeResult, encodeSseEvent, type RpcId, withoutReservedNames } from '@lethe/mcp';
import type { LetheError } from '@lethe/platform';
import type { ResponseWriter } from '../../http/response/response-writer.js';
import { BEFORE_STREAM_MS, retryAfterHeader, STREAM_HEADERS } from '../../http/response/stream-headers.js';
import type { RpcError } from '../../protocol/rpc-error.js';
import { failureResponse } from '../../request/failure-response.js';
import type { McpCall } from '../../request/mcp-request.js';
import type { ClientOutcome } from './era-translation.js';

/**
 * Writes the response to one translated request: one JSON body, or a stream if anything is sent before the response, or if
 * the client would wait too long without a byte.
 */
export class McpResponseWriter {
  private readonly response: ResponseWriter;

  constructor(private readonly call: McpCall) {
    this.response = call.response;
  }

  /** To be called when the upstream has begun a stream, and its response may take any time. */
  expectWait(): void {
    this.response.beginStreamAfter(BEFORE_STREAM_MS, 200, STREAM_HEADERS);
  }

  /** Sets when the client may try again, for a response that has not begun. */
  retryAfter(seconds: number | undefined): void {
    if (seconds !== undefined) this.response.setHeaders(retryAfterHeader(seconds));
  }

  /** Sends a message before the response. Returns false when the client reads too slowly. */
  messageBefore(json: string): boolean {
    this.response.beginStream(200, STREAM_HEADERS);
    return this.response.write(encodeSseEvent(json));
  }

  finish(outcome: ClientOutcome): void {
    const isError = 'error' in outcome;
    const { id } = this.call.message;
    const written = isError ? errorJson(id, outcome.error) : encodeResult(id, outcome.resultJson);
    const body = withoutReservedNames(written);
    if (this.hasBegun) this.end(body);
    else this.response.sendJson(isError ? outcome.status : 200, body);
  }

  /**
   * Responds with an error.
   * @throws the error while nothing has been sent to the client; the caller then sends it
   */
  fail(error: LetheError): void {
    if (!this.hasBegun) throw error;
    this.end(failureResponse(this.call, error).json);
  }

  /**
   * Ends a cancelled request, which gets no response.
   * https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/cancellation#behavior-requirements
   */
  endUnanswered(): void {
    this.response.beginStream(200, STREAM_HEADERS);
    this.response.end();
  }

  onceDrained(resume: () => void): void {
    this.response.onceDrained(resume);
  }

  private end(json: string): void {
    this.response.write(encodeSseEvent(json));
    this.response.end();
  }

  /** The stream has begun, so a failure can only be reported in it. */
  get hasBegun(): boolean {
    return this.response.hasBegun;
  }
}

function errorJson(id: RpcId, error: RpcError): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error });
}
