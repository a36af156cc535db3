import { acceptsGzip, toLatin1Bytes } from './encodings.js';
import type { PregzippedBody } from './pregzipped-body.js';
import type { RequestHeaders } from '../request/request-headers.js';
import type { ResponseHeaders } from './response-queue.js';
import { MAX_JOINED_BYTES, type ResponseWriter } from './response-writer.js';

const PLAIN = { 'content-type': 'application/json', 'cache-control': 'no-store', vary: 'accept-encoding' };
const GZIPPED = { ...PLAIN, 'content-encoding': 'gzip' };
/** The header objects of these responses. */
export const PREGZIPPED_HEADERS: readonly ResponseHeaders[] = [PLAIN, GZIPPED];

/**
 * Sends a JSON response that ends with a prepared body, gzipped for clients that accept it.
 * @param start the text before the body, such as the request's id
 */
export function sendPregzipped(
  response: ResponseWriter,
  start: string,
  body: PregzippedBody,
  requestHeaders: RequestHeaders,
): void {
  if (!response.isOpen) return;
  const gzipped = acceptsGzip(requestHeaders.get('accept-encoding')) ? body.gzip(start) : undefined;
  const { bytes } = body;
  if (gzipped !== undefined) response.sendLatin1(GZIPPED, gzipped);
  else if (bytes.length <= MAX_JOINED_BYTES) {
    response.sendLatin1(PLAIN, toLatin1Bytes(start) + bytes.toString('latin1'));
  } else {
    response.begin(200, { ...PLAIN, 'content-length': String(Buffer.byteLength(start) + bytes.length) });
    response.write(start);
    response.endWith(bytes);
  }
}
