import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { directRequest } from '../registry/direct-request.js';

/** A status without a body (Fetch, null body status). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** A `fetch` for requests with credentials, as `directRequest`. */
export async function directFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const { signal, ...described } = init;
  // Puts every form of body, and the header that names it, into one form.
  const whole = new Request(url, described);
  const { method } = whole;
  const headers = Object.fromEntries(whole.headers);
  const request = await directRequest(url, { method, headers, ...(signal && { signal }) });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
  request.end(whole.body === null ? undefined : await whole.text());
  return toResponse(await answered);
}

function toResponse(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, headersDistinct } = incoming;
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  // An upstream that ends early is told by the body's reader.
  incoming.on('error', () => undefined);
  return new Response(WITHOUT_BODY.has(status) ? null : toWeb(incoming), { status, headers });
}

function toWeb(incoming: IncomingMessage): ReadableStream {
  const stream: unknown = Readable.toWeb(incoming);
  return stream as ReadableStream;
}
