import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '@lethe/contracts';
import { isObject, parseJson, SseSplitter } from '@lethe/mcp';
import type { Dispatcher } from 'undici';
import { type BodyReader, send } from './response-handler.js';
import type { UpstreamRequest } from './upstream-request.js';

/** A short answer, read whole. */
export interface BufferedResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The JSON-RPC response in the body, when there is one. */
  readonly message: JsonObject | undefined;
  /** It came as a stream whose events have ids. */
  readonly hasEventIds: boolean;
}

const MAX_BYTES = 1024 * 1024;

/** The answer is longer than an exchange of Lethe's own needs. */
export class ResponseTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

class EnoughRead extends Error {}

/** An exchange of Lethe's own with an upstream (initialize, DELETE, notifications): bounded in time and length. */
export async function sendBuffered(
  dispatcher: Dispatcher,
  request: UpstreamRequest,
  timeoutMs: number,
  maxBytes = MAX_BYTES,
): Promise<BufferedResponse> {
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  let reader: BufferingReader | undefined;
  const choose = (code: number, given: IncomingHttpHeaders): BodyReader => {
    status = code;
    headers = given;
    return (reader = new BufferingReader((given['content-type'] ?? '').startsWith('text/event-stream'), maxBytes));
  };
  await send(dispatcher, request, choose, AbortSignal.timeout(timeoutMs)).catch((error: unknown) => {
    if (!(error instanceof EnoughRead)) throw error;
  });
  return { status, headers, message: reader?.message, hasEventIds: reader?.hasEventIds ?? false };
}

/** Collects JSON, or waits for the first response among events and stops there. */
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
    if (this.length > this.maxBytes) throw new ResponseTooLong('the answer is too long');
    if (!this.splitter) this.chunks.push(chunk);
    for (const { data, id } of this.splitter?.push(chunk) ?? []) {
      this.hasEventIds ||= id !== undefined && id !== '';
      this.message ??= responseIn(data ?? '');
      if (this.message) throw new EnoughRead();
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
