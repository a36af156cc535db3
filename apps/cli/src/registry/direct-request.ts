import { Agent, type ClientRequest, request as requestHttp, type RequestOptions } from 'node:http';

/**
 * Opens a request that carries credentials. It follows no redirect, which would take them elsewhere; and plain http goes
 * straight to the host: with `NODE_USE_ENV_PROXY`, they would go to the proxy of the environment, in clear.
 * @param options for plain http, `agent` is one of the caller's own
 */
export async function directRequest(url: string | URL, options: RequestOptions = {}): Promise<ClientRequest> {
  const target = new URL(url);
  if (target.protocol !== 'https:') return requestHttp(target, { agent: new Agent(), ...options });
  const { agent: _ofPlainHttp, ...others } = options;
  // TLS takes 5 MiB, which a bridge to this machine does without.
  const { request } = await import('node:https');
  return request(target, others);
}
