import { LetheError } from '@lethe/platform';
import { MAX_BODY_BYTES } from './host-origin-policy.js';
import type { RawBodyRequest } from './fast/raw-body-request.js';
import type { ResponseWriter } from './response-writer.js';

export const NO_BODY = Buffer.alloc(0);

/** The client went away before its request was whole. */
export class ClientDisconnected extends Error {
  override readonly name = 'ClientGone';
}

/**
 * Reads a body to its end. Told once: the whole body, or why there is none: LetheError `payload_too_large`, ClientGone.
 * What `whole` throws is its caller's.
 */
export function readBody(
  request: RawBodyRequest,
  reply: ResponseWriter,
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
  // Also when somebody left while the caller was identified.
  reply.onDisconnect(() => fail(new ClientDisconnected('the client went away')));
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
