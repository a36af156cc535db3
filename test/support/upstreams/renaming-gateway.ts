import { request as forward } from 'node:http';
import { listenOnLoopback } from './loopback-server.js';
import { passOn } from './pass-on.js';

/** Prefix and name of the header that it takes for its upstream's credential. */
const RENAMED = 'x-upstream-authorization';

/**
 * A gateway before Lethe that sends its callers' `X-Upstream-Authorization` on as `Authorization`, in place of what was
 * there, and all other headers as they are. ContextForge 1.0.7 always does so with this header.
 */
export async function startRenamingGateway(target: string): Promise<{ origin: string; close(): Promise<void> }> {
  return listenOnLoopback((request, response) => {
    const { [RENAMED]: renamed, host: _own, connection: _hop, ...headers } = request.headers;
    const sent = renamed === undefined ? headers : { ...headers, authorization: String(renamed) };
    const forwarded = forward(new URL(request.url ?? '/', target), { method: request.method, headers: sent });
    passOn(forwarded, response);
    request.pipe(forwarded);
  });
}
