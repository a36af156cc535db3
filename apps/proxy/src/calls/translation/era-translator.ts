import type { UpstreamCall } from '../../request/mcp-request.js';
import type { UpstreamSession } from '../../protocol/upstream-session.js';
import type { RpcError } from '../../protocol/rpc-error.js';

/**
 * One direction across the eras: what the client said as the upstream's era says it, and what the upstream answered as
 * the client's era does. One object per direction; each edits the JSON it knows and leaves the rest as it was written.
 */
export interface EraTranslation {
  /** A client that leaves has cancelled. */
  readonly disconnectCancels: boolean;
  body(call: UpstreamCall): Buffer;
  headers(call: UpstreamCall, upstream: UpstreamSession): [string, string][];
  /**
   * JSON of a result.
   * @throws LetheError when the client's era has no form for it
   */
  result(call: UpstreamCall, resultJson: string): string;
  /** A result or an error that this error becomes. */
  error(call: UpstreamCall, error: RpcError): ClientOutcome;
  /** JSON of a notification; undefined when it is not for this client. */
  notification(call: UpstreamCall, method: string, json: string): string | undefined;
}

/** What a client is told in the end. */
export type ClientOutcome = { readonly resultJson: string } | { readonly error: RpcError; readonly status: number };
