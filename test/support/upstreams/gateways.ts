import type { IncomingHttpHeaders } from 'node:http';
import type { RewriteHeaders } from '../real-servers/relay.js';

const HANDED_ON = /^(?:accept|content-|mcp-|host$)/;

function only(headers: IncomingHttpHeaders, isKept: (name: string) => boolean): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HANDED_ON.test(name) || isKept(name)));
}

/** What a FastMCP proxy sends upstream of its callers' headers, as measured. */
export const handsEverythingOn: RewriteHeaders = (headers) => headers;

/** The same of agentgateway. */
export const handsOnButAtInitialize: RewriteHeaders = (headers, method) =>
  only(headers, (name) => name === 'authorization' || (name.startsWith('x-upstream-') && method !== 'initialize'));

/** The same of LiteLLM with a key of its own, and `X-Upstream-Authorization` among its extra headers. */
export function sendsItsOwnKey(key: string): RewriteHeaders {
  return (headers) => ({
    ...only(headers, (name) => name === 'x-upstream-authorization'),
    authorization: `Bearer ${key}`,
  });
}

/** The same of ContextForge with a token of its own, and these passthrough headers in lower case. */
export function renamesTheShortForm(key: string, passthrough: readonly string[] = []): RewriteHeaders {
  return (headers) => {
    const renamed = headers['x-upstream-authorization'];
    return {
      ...only(headers, (name) => passthrough.includes(name)),
      authorization: typeof renamed === 'string' ? renamed : `Bearer ${key}`,
    };
  };
}
