import { isLoopback } from '@lethe/platform';
import { cancelled, CliError } from '../errors/cli.error.js';
import { insecure } from './oauth-failure.js';

/** A `fetch` that follows no redirect by itself. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const TIMEOUT_MS = 10_000;
const MAX_BODY_BYTES = 256 * 1024;

/** Whether credentials may go there: https, or http to this machine. */
export function isSecure(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || url.username !== '' || url.password !== '') return false;
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
  );
}

/**
 * Whether a URL is shown as it is: in ASCII, so that no letter looks like another one and nothing steers a terminal or a client's
 * window, and without a user name, which people take for the host. Such a URL has no fragment either (RFC 8414, RFC 8707).
 */
export function isPlainUrl(text: string): boolean {
  return (
    /^[\x21-\x7e]{1,2048}$/.test(text) && URL.canParse(text) && !/[@\\]/.test(authorityOf(text)) && !text.includes('#')
  );
}

/** What stands between the scheme and the path, as a person reads it. */
function authorityOf(text: string): string {
  return /^[^/\\]*[/\\]*([^/?]*)/.exec(text)?.[1] ?? '';
}

/** Whether what belongs to this upstream may be there. An upstream elsewhere has no business with the ports of this machine. */
export function isSecureFor(upstream: string, url: string): boolean {
  return isSecure(url) && (url.startsWith('https:') || upstream.startsWith('http:'));
}

/** A `fetch` for what an upstream and its authorization server name. */
export function fetchFor(upstream: string, fetch: Fetch): Fetch {
  return async (url, init) => {
    if (!isSecureFor(upstream, String(url))) throw insecure(String(url));
    return fetch(url, init);
  };
}

/**
 * Limits requests to authorization servers: https or loopback, ten seconds, and 256 KiB of answer, which is read whole.
 * @param signal ends every request
 */
export function secureFetch(fetch: Fetch, signal?: AbortSignal): Fetch {
  return async (url, init = {}) => {
    const target = String(url);
    if (!isSecure(target)) throw insecure(target);
    const limit = AbortSignal.any([signal, init.signal, AbortSignal.timeout(TIMEOUT_MS)].flatMap((one) => one ?? []));
    try {
      const response = await fetch(url, { ...init, signal: limit });
      const isEmpty = [204, 205, 304].includes(response.status);
      const body = isEmpty ? null : await readBounded(response);
      return new Response(body, { status: response.status, headers: response.headers });
    } catch (error) {
      if (signal?.aborted === true) throw cancelled();
      if (error instanceof CliError) throw error;
      // Such an error may quote headers, so it is not shown.
      throw unreachable(target);
    }
  };
}

async function readBounded(response: Response): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined = response.body?.getReader();
  for (let size = 0; reader;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) throw new Error('too long');
    chunks.push(value);
  }
  return new Blob(chunks).arrayBuffer();
}

function unreachable(url: string): CliError {
  return new CliError('unreachable', 'authorization_unreachable', `No usable answer from ${new URL(url).origin}`, [
    'Nothing was changed. Is it reachable from this machine?',
  ]);
}
