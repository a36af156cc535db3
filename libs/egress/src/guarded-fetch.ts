import type { UpstreamPolicy } from '@lethe/mcp';
import { Agent, type Dispatcher, fetch, Pool } from 'undici';
import { guardedConnector } from './guarded-connector.js';

/** A `fetch` that reaches allowed addresses only. */
export type GuardedFetch = (url: string, options: RequestInit) => Promise<Response>;

const CONNECT_TIMEOUT_MS = 5_000;

/** Connections to any origin, at allowed addresses only; each origin has its own connector. */
export function guardedAgent(policy: UpstreamPolicy): Agent {
  const connector = (url: string | URL) =>
    guardedConnector({ url, policy, timeoutMs: CONNECT_TIMEOUT_MS, resumesTls: true });
  return new Agent({ factory: (origin) => new Pool(origin, { connect: connector(origin) }) });
}

/** `fetch` of JSON documents, such as the key sets of token issuers, over these connections. Redirects are errors. */
export function guardedFetch(dispatcher: Dispatcher): GuardedFetch {
  return async (url, options) => {
    const response = await fetch(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      redirect: 'error',
      ...(options.signal && { signal: options.signal }),
      dispatcher,
    });
    return new Response(await response.text(), { status: response.status });
  };
}
