import type { JsonObject } from '@lethe/contracts';
import { isErrorFor, isObject, messageText, parseJson, type RpcId, waitText } from '@lethe/mcp';
import { StopReading } from './message-reader.js';
import type { BodyReader } from './body-reader.js';

/** A JSON-RPC error as the upstream sent it. */
export interface UpstreamError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
}

/**
 * The error with the time after which to try again, for people in its message and for programs in its data. The rest of it is
 * the upstream's.
 */
export function withWait(error: UpstreamError, seconds: number | undefined): UpstreamError {
  if (seconds === undefined) return error;
  const { message, data } = error;
  const extended = { ...data, retryAfterSeconds: seconds };
  return { ...error, message: `${message} (try again in ${waitText(seconds)})`, data: extended };
}

const MAX_BYTES = 64 * 1024;

/** Reads the body of a response with an HTTP error status. Only a JSON-RPC error in it may be relayed. */
export class ErrorReader implements BodyReader {
  private readonly chunks: Buffer[] = [];
  private length = 0;

  /** `onError` gets the JSON-RPC error that answers this request; undefined when the body has none. */
  constructor(
    private readonly id: RpcId,
    private readonly onError: (error: UpstreamError | undefined) => void,
  ) {}

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    if (this.length > MAX_BYTES) {
      this.onError(undefined);
      throw new StopReading('the error is too long');
    }
    this.chunks.push(chunk);
    return true;
  }

  end(): void {
    this.onError(errorIn(Buffer.concat(this.chunks).toString('utf8'), this.id));
  }
}

function errorIn(body: string, id: RpcId): UpstreamError | undefined {
  const value = parseJson(messageText(body));
  if (!isErrorFor(id, value)) return undefined;
  const { code, message, data } = value.error;
  if (typeof code !== 'number' || typeof message !== 'string') return undefined;
  return { code, message, ...(isObject(data) && { data }) };
}
