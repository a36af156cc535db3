import { isLoopback } from '@lethe/platform';
import { CliError } from '../errors/cli.error.js';

/**
 * Checks the registry's URL and removes trailing slashes. The error does not repeat it.
 * @throws CliError `registry_url`
 */
export function registryUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (!url || !isHttp || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new CliError(
      'usage',
      'registry_url',
      "The registry's URL must be http or https, with no credentials, query or fragment",
    );
  }
  return withoutSlash(url.href);
}

/** Whether both are the same address: the same URL, or two names of this machine with the same port and path. */
export function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)];
  const isSameHost = a.host === b.host || (isOnThisMachine(a) && isOnThisMachine(b) && a.port === b.port);
  return isSameHost && a.protocol === b.protocol && withoutSlash(a.pathname) === withoutSlash(b.pathname);
}

/**
 * Refuses an address to which the token would travel in clear.
 * @throws CliError `insecure_http`
 */
export function refusePlainHttp(url: string): void {
  const parsed = new URL(url);
  if (parsed.protocol === 'https:' || isOnThisMachine(parsed)) return;
  const rule = 'Over plain http, others on the network can read the administrator token; nothing was sent';
  throw new CliError('usage', 'insecure_http', rule, [
    "Use https. Only if nobody else can read this network's traffic: --insecure-http",
  ]);
}

/** Removes trailing slashes. */
export function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function isOnThisMachine({ hostname }: URL): boolean {
  return isLoopback(hostname.replace(/^\[(.*)\]$/, '$1'));
}
