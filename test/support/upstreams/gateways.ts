import type { IncomingHttpHeaders } from 'node:http';
import type { RewriteHeaders } from '../real-servers/relay.js';

const HANDED_ON = /^(?:accept|content-|mcp-|host$)/;

function only(headers: IncomingHttpHeaders, isKept: (name: string) => boolean): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HANDED_ON.test(name) || isKept(name)));
}

/** What other gateways send upstream of a caller's headers, as measured; each begins with those of the protocol. */
export const OTHER_GATEWAYS = {
  /** A FastMCP proxy. */
  handsEverythingOn: (headers) => headers,
  /** agentgateway. */
  handsOnButAtInitialize: (headers, method) =>
    only(headers, (name) => name === 'authorization' || (name.startsWith('x-upstream-') && method !== 'initialize')),
  /** LiteLLM, with `X-Upstream-Authorization` among its extra headers. */
  sendsItsOwnKey:
    (key: string): RewriteHeaders =>
    (headers) => ({
      ...only(headers, (name) => name === 'x-upstream-authorization'),
      authorization: `Bearer ${key}`,
    }),
  /** ContextForge, which was given these passthrough headers. */
  renames:
    (key: string, passthrough: readonly string[]): RewriteHeaders =>
    ({ 'x-upstream-authorization': renamed, ...headers }) => ({
      ...only(headers, (name) => passthrough.includes(name)),
      authorization: typeof renamed === 'string' ? renamed : `Bearer ${key}`,
    }),
} as const satisfies Record<string, RewriteHeaders | ((...settings: never[]) => RewriteHeaders)>;
