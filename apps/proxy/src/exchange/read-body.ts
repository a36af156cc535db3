import type { IncomingMessage } from 'node:http';
import { LetheError } from '@lethe/platform';
import { MAX_BODY_BYTES } from './admission.js';

/** The client went away before its request was whole. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** @throws LetheError `payload_too_large`; ClientGone */
export function readWhole(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // Somebody may have left while the caller was identified: no event will tell so any more.
    if (request.destroyed) return reject(new ClientGone('the client went away'));
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) {
        request.pause();
        reject(new LetheError('payload_too_large'));
      } else chunks.push(chunk);
    });
    const gone = (): void => reject(new ClientGone('the client went away'));
    request.once('close', gone).once('error', gone);
    request.once('end', () => {
      request.off('close', gone).off('error', gone);
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
  });
}
