import type { LetheError } from '@lethe/platform';
import type { NotificationHandler } from '../../upstream/http-sse/connection.js';

/** The client's side of one call to an HTTP+SSE upstream: the request to send, and how each message reaches the client. */
export interface HttpSseClientResponse extends NotificationHandler {
  /** The request to post to the upstream. */
  body(): Buffer;
  /** Sends the JSON-RPC response. */
  response(json: string): void;
  /** Ends a response that has begun with an error. Before that it may do nothing: the caller throws the error. */
  fail(error: LetheError): void;
}
