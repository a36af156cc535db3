import { guardedConnector, guardedFetch, type GuardedFetch } from '@lethe/egress';
import { isTracestate, readTraceparent, type TraceMeta, type UpstreamPolicy } from '@lethe/mcp';
import { Agent, type buildConnector, type Dispatcher, Pool } from 'undici';
import type { UpstreamTarget } from '../routes/table/gateway.js';
import type { DpopProofs } from '../credentials/dpop-proofs.js';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { McpRequest } from '../request/mcp-request.js';
import { secretsOf } from './kept-secrets.js';
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
    /** Time limits for requests over these connections. */
    readonly timing: UpstreamTiming = DEFAULT_UPSTREAM_TIMING,
    private readonly connections = CONNECTIONS_PER_ORIGIN,
  ) {
    this.agent = new Agent({ factory: (origin) => new Pool(origin, { connect: this.connector(origin), connections }) });
    this.guardedFetch = guardedFetch(this.agent);
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

  /** `fetch` for the key sets of token issuers, with the same address checks. */
  readonly guardedFetch: GuardedFetch;

  async close(): Promise<void> {
    await Promise.all([this.agent.destroy(), ...[...this.pools.values()].map((pool) => pool.destroy())]);
  }
}

/** A request to an upstream. Its headers are a new set; only selected credentials and trace headers come from the caller. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Names and values, alternating, as undici takes them. */
  readonly headers: string[];
  readonly body: Buffer | null;
  /** No request is ever retried. */
  readonly idempotent: false;
  /** What its response may not repeat; undefined if it is the caller's own. */
  readonly secrets: readonly Buffer[] | undefined;
  /** The proofs of possession of which it has one; undefined for all others. */
  readonly proofs: DpopProofs | undefined;
}

/** Headers of every request; no mapping can write one of these names (`mappingProblem`). */
const COMMON = ['accept-encoding', 'identity', 'user-agent', 'lethe'];
const HEADERS: Readonly<Record<UpstreamRequest['method'], readonly string[]>> = {
  GET: ['accept', 'text/event-stream', ...COMMON],
  POST: ['accept', 'application/json, text/event-stream', ...COMMON, 'content-type', 'application/json'],
  DELETE: ['accept', 'application/json, text/event-stream', ...COMMON],
};

/**
 * Builds a request with the caller's credentials.
 * @param protocol headers of the protocol, such as `mcp-session-id`
 * @throws LetheError `dpop_proofs_used_up`; `gateway_unavailable` if a kept credential has ended
 */
export function upstreamRequest(
  credentials: UpstreamCredentials,
  method: UpstreamRequest['method'],
  protocol: readonly (readonly [string, string])[],
  body: Buffer | null,
): UpstreamRequest {
  const headers = [...HEADERS[method]];
  for (const [name, value] of protocol) headers.push(name, value);
  for (const [name, value] of credentials.headers) headers.push(name, value);
  const { proofs } = credentials;
  if (proofs) headers.push(proofs.source.mapping.header, proofs.take(method));
  const secrets = credentials.isKept ? secretsOf(credentials) : undefined;
  return { method, path: pathOf(credentials), headers, body, idempotent: false, secrets, proofs };
}

function pathOf(credentials: UpstreamCredentials): string {
  const { path, query } = credentials.access.gateway.target;
  if (query === '' && credentials.query === '') return path;
  return `${path}?${[query, credentials.query].filter((part) => part !== '').join('&')}`;
}

/**
 * The trace headers of a call: Lethe's own span if the call is sampled, else the caller's, unchanged. `baggage` is not
 * relayed: it may contain anything, and the upstream belongs to another party. In `_meta` it belongs to the message and stays.
 * https://www.w3.org/TR/trace-context/
 */
export function traceHeaders({
  trace,
  headers,
}: Pick<McpRequest, 'trace' | 'headers'>): [name: string, value: string][] {
  if (trace?.toUpstream) return traceFields(trace.toUpstream);
  const traceparent = headers.get('traceparent');
  if (traceparent === undefined || !readTraceparent(traceparent)) return [];
  return traceFields({ traceparent, tracestate: headers.get('tracestate') });
}

function traceFields({ traceparent, tracestate }: TraceMeta): [name: string, value: string][] {
  const fields: [string, string][] = [['traceparent', traceparent]];
  if (isTracestate(tracestate)) fields.push(['tracestate', tracestate]);
  return fields;
}
