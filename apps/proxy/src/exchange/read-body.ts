import type { IncomingMessage } from 'node:http';
import { LetheError } from '@lethe/platform';
import { MAX_BODY_BYTES } from './admission.js';
import type { ReplySink } from './reply-sink.js';

export const NO_BODY = Buffer.alloc(0);

/** The client went away before its request was whole. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** @throws LetheError `payload_too_large`; ClientGone */
export function readWhole(request: IncomingMessage, reply: ReplySink): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let first: Buffer | undefined;
    let more: Buffer[] | undefined;
    let length = 0;
    // Also when somebody left while the caller was identified.
    reply.whenGone(() => reject(new ClientGone('the client went away')));
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) {
        request.pause();
        reject(new LetheError('payload_too_large'));
      } else if (first) (more ??= [first]).push(chunk);
      else first = chunk;
    });
    request.on('end', () => resolve(more ? Buffer.concat(more) : (first ?? NO_BODY)));
  });
}
