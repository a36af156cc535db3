import { guardedConnector } from '@lethe/egress';
import type { UpstreamPolicy } from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, fetch, Pool } from 'undici';
import type { GuardedFetch } from '../auth/token-verifier.js';
import type { UpstreamTarget } from '../routes/table/gateway.js';
import { DEFAULT_UPSTREAM_TIMING, type UpstreamTiming } from './upstream-timing.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Longest wait for the first byte of a response, and between two parts of it. */
const IDLE_TIMEOUT_MS = 300_000;
/**
 * Connections to one origin; further requests wait for a free one. A call occupies a connection until its response is
 * complete.
 */
const CONNECTIONS_PER_ORIGIN = 2_048;

/** One connection pool per origin and certificate authority; no connection ever serves two origins. */
export class ConnectionPools {
  private readonly pools = new Map<string, Pool>();
  private readonly agent: Agent;

  constructor(
    private readonly policy: UpstreamPolicy,
    /** For whoever sends requests over these connections. */
    readonly timing: UpstreamTiming = DEFAULT_UPSTREAM_TIMING,
    private readonly connections = CONNECTIONS_PER_ORIGIN,
  ) {
    this.agent = new Agent({ factory: (origin) => new Pool(origin, { connect: this.connector(origin), connections }) });
  }

  of({ origin, tlsCa }: UpstreamTarget): Dispatcher {
    const key = tlsCa === undefined ? origin : `${origin} ${tlsCa}`;
    const known = this.pools.get(key);
    if (known) return known;
    const pool = new Pool(origin, {
      connect: this.connector(origin, tlsCa),
      connections: this.connections,
      headersTimeout: IDLE_TIMEOUT_MS,
      bodyTimeout: IDLE_TIMEOUT_MS,
      pipelining: 1,
      allowH2: false,
    });
    this.pools.set(key, pool);
    return pool;
  }

  /** Each pool has its own connector, so that its connections resume only the TLS sessions of that pool. */
  private connector(url: string | URL, tlsCa?: string): buildConnector.connector {
    return guardedConnector({ url, policy: this.policy, tlsCa, timeoutMs: CONNECT_TIMEOUT_MS, resumesTls: true });
  }

  /** `fetch` for the key sets of token issuers, with the same address checks. Redirects are refused. */
  readonly guardedFetch: GuardedFetch = async (url, options) => {
    const answer = await fetch(url, {
      method: 'GET',
      headers: { accept: 'application/json' },
      redirect: 'error',
      ...(options.signal && { signal: options.signal }),
      dispatcher: this.agent,
    });
    return new Response(await answer.text(), { status: answer.status });
  };

  async close(): Promise<void> {
    await Promise.all([this.agent.destroy(), ...[...this.pools.values()].map((pool) => pool.destroy())]);
  }
}
