import { LetheError } from '@lethe/platform';
import { MAX_BODY_BYTES } from './host-origin-policy.js';
import type { HttpRequest } from './http-request.js';

/** The body of requests without one. */
export const NO_BODY = Buffer.alloc(0);

/** The client closed its connection before it had the complete response. */
export class ClientDisconnected extends Error {
  override readonly name = 'ClientDisconnected';
}

/** Reports that the client has disconnected. */
interface Connection {
  onDisconnect(listener: () => void): void;
}

/**
 * Reads a whole body. Calls either `onBody` or `onError`, once. `onError` gets a LetheError `payload_too_large` or
 * ClientDisconnected. Errors that `onBody` throws are not caught.
 */
export function readBody(
  request: HttpRequest,
  connection: Connection,
  onBody: (body: Buffer) => void,
  onError: (error: Error) => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  let isOver = false;
  const fail = (error: Error): void => {
    if (isOver) return;
    isOver = true;
    onError(error);
  };
  // Fires at once if the client disconnected while its key was being checked.
  connection.onDisconnect(() => fail(new ClientDisconnected('the client disconnected')));
  request.streamBody((chunk) => {
    // The rest of a body that was too long is dropped: a client reads the response when it has sent all.
    if (isOver) return true;
    if (chunk === null) {
      isOver = true;
      onBody(more ? Buffer.concat(more) : (first ?? NO_BODY));
      return true;
    }
    length += chunk.length;
    if (first) (more ??= [first]).push(chunk);
    else first = chunk;
    if (length > MAX_BODY_BYTES) fail(new LetheError('payload_too_large'));
    return true;
  });
}
