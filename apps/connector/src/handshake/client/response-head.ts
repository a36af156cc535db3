import { contentCodings, decoded } from '@lethe/egress';
import { isEventStream } from '@lethe/mcp';
import type { Dispatcher } from 'undici';

/** Drops a response. Its body emits an error when it is cut off, which is ignored. */
export function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined).destroy();
}

/** Drops the response to a message that has none. A short body is read first, so that the connection can be used again. */
export function dropUnexpected(response: Dispatcher.ResponseData): void {
  if (isEventStream(response.headers)) discard(response);
  else void response.body.dump().catch(() => undefined);
}

/** The body without its content codings, which some servers use although requests ask for `identity`. */
export function decodedBody({ body, headers }: Dispatcher.ResponseData): AsyncIterable<Buffer> {
  return decoded(body, contentCodings(headers['content-encoding']));
}

/** A header of the response; repeated ones are joined. */
export function headerOf(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
