import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';

/** A status without a body (Fetch, null body status). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/**
 * A `fetch` for requests with credentials. It follows no redirect, which would take them elsewhere; and plain http goes straight
 * to the host: with `NODE_USE_ENV_PROXY`, `fetch` would hand them to the proxy of the environment, in clear.
 */
export async function directFetch(url: string | URL, init: RequestInit = {}): Promise<Response> {
  const { signal, ...described } = init;
  // Puts every form of body, and the header that names it, into one form.
  const whole = new Request(url, described);
  const { method } = whole;
  const headers = Object.fromEntries(whole.headers);
  const options = { method, headers, ...(signal && { signal }) };
  const target = new URL(url);
  const request =
    target.protocol === 'https:'
      ? requestHttps(target, options)
      : requestHttp(target, { ...options, agent: new Agent() });
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
