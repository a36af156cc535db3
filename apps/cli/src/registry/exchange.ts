import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** A request without its URL. */
export interface Outgoing {
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  timeoutMs: number;
  /** Ends the request before its time. */
  signal?: AbortSignal | undefined;
}

/**
 * Sends a request and reads the response. Follows no redirect. Plain http goes straight to the host: with
 * `NODE_USE_ENV_PROXY`, `fetch` would hand the token to the proxy of the environment, in clear.
 * @throws Error which may quote headers, so that it must not be shown
 */
export async function exchange(
  url: string,
  { method, headers, body, timeoutMs, signal }: Outgoing,
): Promise<{ status: number; text: string }> {
  const limit = AbortSignal.timeout(timeoutMs);
  const options = { method, headers, signal: signal ? AbortSignal.any([limit, signal]) : limit };
  const request = url.startsWith('https:')
    ? requestHttps(url, options)
    : requestHttp(url, { ...options, agent: new Agent() });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
  request.end(body);
  const response = await answered;
  return { status: response.statusCode ?? 0, text: await text(response) };
}
