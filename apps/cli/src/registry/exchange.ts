import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { directRequest } from './direct-request.js';

/** What is read of a response. */
export interface Incoming {
  status: number;
  text: string;
  /** Whether the registry has waited as long as it was asked to, and what it waited for is so. */
  hasWaited: boolean;
  /** Hosts of proxies that do not serve the change yet, as text. */
  notApplied: string | undefined;
  /** The entity tag of what was read (RFC 9110, section 8.8.3). */
  etag: string | undefined;
}

/** A request without its URL, whose answer may be endless. */
type Opening = Omit<Outgoing, 'timeoutMs' | 'signal'> & { signal: AbortSignal };

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
 * Sends a request and reads the response. Follows no redirect.
 * @throws Error which may quote headers, so that it must not be shown
 */
export async function exchange(url: string, { timeoutMs, signal, ...outgoing }: Outgoing): Promise<Incoming> {
  const limit = AbortSignal.timeout(timeoutMs);
  const response = await open(url, { ...outgoing, signal: signal ? AbortSignal.any([limit, signal]) : limit });
  const { statusCode = 0, headers: received } = response;
  const notApplied = received['lethe-not-applied'];
  return {
    status: statusCode,
    text: await text(response),
    hasWaited: received['preference-applied'] !== undefined,
    notApplied: typeof notApplied === 'string' ? notApplied : undefined,
    etag: received.etag,
  };
}

/**
 * As `exchange`, for a body of any length: the time limits each pause, not the whole.
 * @throws Error like `exchange`
 */
export async function download(
  url: string,
  { timeoutMs, signal: _signal, ...outgoing }: Outgoing,
): Promise<IncomingMessage> {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), timeoutMs);
  const response = await open(url, { ...outgoing, signal: ended.signal }).finally(() => clearTimeout(timer));
  response.setTimeout(timeoutMs, () => response.destroy(new Error('The registry sent nothing for too long')));
  return response;
}

/** Sends a request and returns the response with its body unread, as `exchange` does. @throws Error as `exchange` */
export async function open(url: string, { method, headers, body, signal }: Opening): Promise<IncomingMessage> {
  const request = await directRequest(url, { method, headers, signal });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve).on('error', reject);
  });
  request.end(body);
  return answered;
}
