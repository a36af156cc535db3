import type { LetheError } from '@lethe/platform';
import type { NotificationHandler } from '../../upstream/http-sse/connection.js';

/** What is said to an upstream of the HTTP+SSE transport, and how a client of one era is told what it answers. */
export interface HttpSseClientResponse extends NotificationHandler {
  body(): Buffer;
  response(json: string): void;
  /** Tells an answer that has begun that it won't be whole; one that has not is told as a refusal. */
  broken(error: LetheError): void;
}
