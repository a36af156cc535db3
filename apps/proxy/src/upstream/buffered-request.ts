import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@lethe/contracts';
import {
  eventMessage,
  isErrorFor,
  isEventStream,
  isResponseTo,
  isSuccess,
  messageText,
  parseJson,
  type RpcId,
  SseSplitter,
} from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { MessageTooLong, StopReading } from './message-reader.js';
import { type BodyKind, bodyKind, httpFailure } from './response-head.js';
import type { BodyReader } from './body-reader.js';
import { Aborted, sendRequest } from './response-handler.js';
import { upstreamError, upstreamTooSlow } from './upstream-errors.js';
import type { UpstreamRequest } from './upstream-client.js';

/** A short response, read completely. */
export interface BufferedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The JSON-RPC response in the body; undefined if there is none, or none was expected. */
  readonly message: JsonObject | undefined;
  /** The body is a stream whose events have ids. */
  readonly hasEventIds: boolean;
}

/** What is expected, and how much time and how many bytes it may take. */
export interface BufferLimits {
  readonly timeoutMs: number;
  readonly maxBytes?: number;
  /** The id of the JSON-RPC request; undefined for other messages: they are delivered when the head has arrived. */
  readonly id?: RpcId | undefined;
}

const MAX_BYTES = 1024 * 1024;
/** Bytes of a body that nobody expects. Up to here it is read to its end, because that keeps the connection usable. */
const MAX_UNEXPECTED_BYTES = 16 * 1024;

/**
 * Sends a request of Lethe's own (initialize, DELETE, notifications, queries) and reads the complete response.
 * @throws LetheError about the upstream, also for an HTTP status of failure
 */
export async function sendBuffered(
  dispatcher: Dispatcher,
  credentials: UpstreamCredentials,
  request: UpstreamRequest,
  limits: BufferLimits,
): Promise<BufferedResponse> {
  const response = await sendForAnyStatus(dispatcher, credentials, request, limits);
  const { status, headers } = response;
  if (!isSuccess(status)) throw httpFailure(credentials, status, headers, request.path);
  return response;
}

/**
 * As `sendBuffered`, but a status of failure is no error.
 * @throws LetheError about the upstream
 */
export async function sendForAnyStatus(
  dispatcher: Dispatcher,
  credentials: UpstreamCredentials,
  request: UpstreamRequest,
  { timeoutMs, maxBytes = MAX_BYTES, id }: BufferLimits,
): Promise<BufferedResponse> {
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  let reader: BufferingReader | undefined;
  const choose = (code: number, given: IncomingHttpHeaders): BodyReader => {
    status = code;
    headers = given;
    if (id === undefined && isEventStream(given)) throw new StopReading('nothing is expected');
    if (id === undefined) return new UnexpectedBody();
    const kind = isSuccess(code) ? bodyKind(credentials, code, given) : 'error';
    return (reader = new BufferingReader(kind, id, maxBytes));
  };
  const isDelivered = (): boolean => id === undefined && isSuccess(status);
  await sendRequest(dispatcher, request, choose, AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
    if (error instanceof StopReading || isDelivered()) return;
    // Only the time limit aborts it.
    throw error instanceof Aborted ? upstreamTooSlow(credentials.access) : upstreamError(credentials.access, error);
  });
  return { status, headers, message: reader?.message, hasEventIds: reader?.hasEventIds ?? false };
}

/** Drops a body, and ends the response if it does not end by itself. */
class UnexpectedBody implements BodyReader {
  private length = 0;

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > MAX_UNEXPECTED_BYTES) throw new StopReading('nothing is expected');
    return true;
  }

  end(): void {
    // Nothing was expected.
  }
}

/** Collects JSON, or reads events up to the response. */
class BufferingReader implements BodyReader {
  message: JsonObject | undefined;
  hasEventIds = false;
  private readonly chunks: Buffer[] = [];
  private length = 0;
  private readonly splitter: SseSplitter | undefined;

  constructor(
    private readonly kind: BodyKind,
    private readonly id: RpcId,
    private readonly maxBytes: number,
  ) {
    this.splitter = kind === 'event-stream' ? new SseSplitter() : undefined;
  }

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > this.maxBytes) {
      throw this.kind === 'error'
        ? new StopReading('no error is so long')
        : new MessageTooLong('the response is too long');
    }
    if (!this.splitter) this.chunks.push(chunk);
    for (const event of this.splitter?.push(chunk) ?? []) {
      this.hasEventIds ||= event.id !== undefined && event.id !== '';
      this.message = this.responseIn(eventMessage(event) ?? '');
      if (this.message) throw new StopReading('the response is here');
    }
    return true;
  }

  end(): void {
    if (!this.splitter) this.message = this.responseIn(messageText(Buffer.concat(this.chunks).toString('utf8')));
  }

  private responseIn(json: string): JsonObject | undefined {
    const value = parseJson(json);
    if (this.kind === 'error') return isErrorFor(this.id, value) ? value : undefined;
    return isResponseTo(this.id, value) ? value : undefined;
  }
}
