import { guardedConnector } from '@lethe/egress';
import type { UpstreamPolicy } from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, fetch, Pool } from 'undici';
import type { GuardedFetch } from '../callers/token-verifier.js';
import type { UpstreamTarget } from '../routes/gateway-route.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Longest silence: before the first byte of an answer, and between two. */
const IDLE_TIMEOUT_MS = 300_000;
/** Connections to one origin; more requests wait for one. Each call holds its own while its answer comes. */
const CONNECTIONS_PER_ORIGIN = 2_048;

/** Pooled connections, one pool per origin and certificate authority; no connection ever serves two origins. */
export class UpstreamPools {
  private readonly pools = new Map<string, Pool>();
  private readonly agent: Agent;

  constructor(
    private readonly policy: UpstreamPolicy,
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

  /** One for each pool, so that its connections resume the pool's TLS sessions and no other's. */
  private connector(url: string | URL, tlsCa?: string): buildConnector.connector {
    return guardedConnector({ url, policy: this.policy, tlsCa, timeoutMs: CONNECT_TIMEOUT_MS, resumesTls: true });
  }

  /** `fetch` for issuers' key sets, by the same dialler; redirects are refused. */
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
