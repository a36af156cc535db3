import { CliError } from '../errors/cli.error.js';
import { withoutSlash } from '../registry/registry-url.js';

const PATH = /^\/servers\/[a-z0-9-]+\/mcp\/?$/;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Where a virtual server is called, and where its gateways are listed. */
export interface Endpoint {
  mcp: string;
  upstreams: string;
}

/**
 * The endpoint of a virtual server: its slug at the proxies, or its whole URL.
 * @param proxyUrl where clients reach the proxies; undefined if that is not known
 * @throws CliError `endpoint_unknown`, which does not repeat what was typed
 */
export function endpointOf(server: string, proxyUrl: string | undefined): Endpoint {
  if (SLUG.test(server)) {
    if (proxyUrl !== undefined) return ofUrl(`${withoutSlash(proxyUrl)}/servers/${server}/mcp`);
    throw new CliError('usage', 'endpoint_unknown', 'It is not known where the proxies are', [
      'Set LETHE_PUBLIC_URL, or give the whole URL of the virtual server: https://<host>/servers/<slug>/mcp',
    ]);
  }
  const url = URL.canParse(server) ? new URL(server) : undefined;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url && isHttp && url.username === '' && url.search === '' && PATH.test(url.pathname)) return ofUrl(url.href);
  throw new CliError('usage', 'endpoint_unknown', '<server> is neither a slug nor the URL of a virtual server');
}

function ofUrl(url: string): Endpoint {
  const mcp = withoutSlash(url);
  return { mcp, upstreams: `${mcp.slice(0, -'/mcp'.length)}/upstreams` };
}
