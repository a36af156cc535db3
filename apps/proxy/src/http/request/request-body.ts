import { LetheError } from '@lethe/platform';
import { MAX_BODY_BYTES } from './host-origin-policy.js';
import type { HttpRequest } from './http-request.js';

export const NO_BODY = Buffer.alloc(0);

/** The client closed its connection before the exchange was over. */
export class ClientDisconnected extends Error {
  override readonly name = 'ClientDisconnected';
}

/** What tells that the client has left. */
interface Connection {
  onDisconnect(listener: () => void): void;
}

/**
 * Reads a whole body. Calls either `whole` or `failed`, once; `failed` gets a LetheError `payload_too_large` or
 * ClientDisconnected. What `whole` throws is left to the caller.
 */
export function readBody(
  request: HttpRequest,
  connection: Connection,
  whole: (body: Buffer) => void,
  failed: (error: Error) => void,
): void {
  let first: Buffer | undefined;
  let more: Buffer[] | undefined;
  let length = 0;
  let isOver = false;
  const fail = (error: Error): void => {
    if (isOver) return;
    isOver = true;
    failed(error);
  };
  // Fires at once when the client left while its key was being checked.
  connection.onDisconnect(() => fail(new ClientDisconnected('the client went away')));
  request.takeBody((chunk) => {
    if (isOver) return false;
    if (chunk === null) {
      isOver = true;
      whole(more ? Buffer.concat(more) : (first ?? NO_BODY));
      return true;
    }
    length += chunk.length;
    if (first) (more ??= [first]).push(chunk);
    else first = chunk;
    if (length > MAX_BODY_BYTES) fail(new LetheError('payload_too_large'));
    return !isOver;
  });
}
