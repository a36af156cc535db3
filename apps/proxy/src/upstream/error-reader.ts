import type { JsonObject } from '@lethe/contracts';
import { isObject, parseJson, type RpcId } from '@lethe/mcp';
import type { BodyReader } from './response-handler.js';

/** A JSON-RPC error as the upstream sent it. */
export interface UpstreamError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonObject;
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
    if (this.length <= MAX_BYTES) this.chunks.push(chunk);
    return true;
  }

  end(): void {
    const error = this.length > MAX_BYTES ? undefined : errorIn(Buffer.concat(this.chunks).toString('utf8'), this.id);
    this.onError(error);
  }
}

function errorIn(text: string, id: RpcId): UpstreamError | undefined {
  const value = parseJson(text);
  if (!isObject(value) || (value['id'] !== id && value['id'] !== null && value['id'] !== undefined)) return undefined;
  const { error } = value;
  if (!isObject(error) || typeof error['code'] !== 'number' || typeof error['message'] !== 'string') return undefined;
  const { code, message, data } = error;
  return { code, message, ...(isObject(data) && { data }) };
}
