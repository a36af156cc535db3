import type { ObjectText } from '@lethe/mcp';
import type { UpstreamCall } from '../../request/mcp-request.js';
import type { UpstreamSession } from '../../protocol/era-rules.js';
import type { RpcError } from '../../protocol/rpc-error.js';

/**
 * Translates calls between the two eras: the request into the upstream's era, the response and notifications into the
 * client's. There is one object per direction; each edits the JSON members it knows and leaves the rest unchanged.
 */
export interface EraTranslation {
  body(call: UpstreamCall): Buffer;
  headers(call: UpstreamCall, upstream: UpstreamSession): [string, string][];
  /**
   * JSON of a result in the client's era.
   * @param result as the upstream wrote it
   * @throws LetheError when the client's era can't express it
   */
  result(call: UpstreamCall, result: ObjectText): string;
  /** The result or error that the client gets for an upstream's error. */
  error(call: UpstreamCall, error: RpcError): ClientOutcome;
  /** JSON of a notification; undefined when the client must not get it. */
  notification(call: UpstreamCall, method: string, json: string): string | undefined;
}

/** The final response to the client: a result, or an error with its HTTP status. */
export type ClientOutcome = { readonly resultJson: string } | { readonly error: RpcError; readonly status: number };
