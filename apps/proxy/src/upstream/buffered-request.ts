import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@lethe/contracts';
import { isObject, parseJson, SseSplitter } from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { MessageTooLong, StopReading } from './message-reader.js';
import { isEncoded, isEventStream, httpFailure } from './response-head.js';
import { type BodyReader, sendRequest } from './response-handler.js';
import { upstreamError, upstreamFailed } from './upstream-errors.js';
import type { UpstreamRequest } from './upstream-client.js';

/** A short response, read completely. */
export interface BufferedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The JSON-RPC response in the body, when there is one. */
  readonly message: JsonObject | undefined;
  /** The body is a stream whose events have ids. */
  readonly hasEventIds: boolean;
}

/** How much time and how many bytes a response may take. */
export interface BufferLimits {
  readonly timeoutMs: number;
  readonly maxBytes?: number;
}

const MAX_BYTES = 1024 * 1024;

/**
 * Sends a request of Lethe's own (initialize, DELETE, notifications, queries) and reads the complete response.
 * @throws LetheError about the upstream, also for an HTTP status of failure
 */
export async function sendBuffered(
  dispatcher: Dispatcher,
  access: UpstreamAccess,
  request: UpstreamRequest,
  limits: BufferLimits,
): Promise<BufferedResponse> {
  const response = await sendForAnyStatus(dispatcher, access, request, limits);
  const { status, headers } = response;
  // Only after the body was read: ending the response early would close the connection.
  if (status < 200 || status >= 300) throw httpFailure(access, status, headers);
  if (status === 200 && isEncoded(headers)) throw upstreamFailed(access, 'content_encoding');
  return response;
}

/**
 * As `sendBuffered`, but a status of failure is no error.
 * @throws LetheError about the upstream
 */
export async function sendForAnyStatus(
  dispatcher: Dispatcher,
  access: UpstreamAccess,
  request: UpstreamRequest,
  { timeoutMs, maxBytes = MAX_BYTES }: BufferLimits,
): Promise<BufferedResponse> {
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  let reader: BufferingReader | undefined;
  const choose = (code: number, given: IncomingHttpHeaders): BodyReader => {
    status = code;
    headers = given;
    return (reader = new BufferingReader(isEventStream(given), maxBytes));
  };
  await sendRequest(dispatcher, request, choose, AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
    if (!(error instanceof StopReading)) throw upstreamError(access, error);
  });
  return { status, headers, message: reader?.message, hasEventIds: reader?.hasEventIds ?? false };
}

/** Collects JSON, or reads events up to the first response among them. */
class BufferingReader implements BodyReader {
  message: JsonObject | undefined;
  hasEventIds = false;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private readonly splitter: SseSplitter | undefined;

  constructor(
    isStream: boolean,
    private readonly maxBytes: number,
  ) {
    this.splitter = isStream ? new SseSplitter() : undefined;
  }

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > this.maxBytes) throw new MessageTooLong('the response is too long');
    if (!this.splitter) this.chunks.push(chunk);
    for (const { data, id } of this.splitter?.push(chunk) ?? []) {
      this.hasEventIds ||= id !== undefined && id !== '';
      this.message ??= responseIn(data ?? '');
      if (this.message) throw new StopReading('the response is here');
    }
    return true;
  }

  end(): void {
    if (!this.splitter) this.message = responseIn(Buffer.concat(this.chunks).toString('utf8'));
  }
}

function responseIn(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) && (value['result'] !== undefined || value['error'] !== undefined) ? value : undefined;
}
