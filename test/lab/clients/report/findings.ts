import { type CaseName, STEPS } from '../cases.js';
import type { Step } from '../client.js';
import type { Run } from '../measure.js';
import type { Exchange } from '../world/exchange.js';
import type { UpstreamName } from '../world/world.js';

/** What the runs of one client show, in the words of the table. */
export class Findings {
  constructor(private readonly runs: Run[]) {}

  /** The runs of a case. */
  of(name: CaseName): Run[] {
    return this.runs.filter((run) => run.name === name);
  }

  /** The first request that Lethe got, and the first MCP request if that is another. A bridge first asks for the upstreams. */
  opening(name: 'bridge' | 'lethe' = 'lethe'): string {
    const [first, ...others] = this.exchanges(name).filter(
      ({ path }) => name === 'lethe' || !path.endsWith('/upstreams'),
    );
    const rpc = first?.rpc ?? others.find((exchange) => exchange.rpc !== undefined)?.rpc;
    if (first === undefined || rpc === undefined) return '-';
    const opens = [rpc.method, rpc.protocolVersion ?? ''].join(' ').trim();
    return first.rpc === undefined ? `${requestOf(first)}, then ${opens}` : opens;
  }

  /** The era in which a client uses an upstream. */
  era(name: CaseName, upstream: UpstreamName): string {
    const used = this.exchanges(name, upstream).filter(({ status = 500 }) => status < 400);
    const rpc = used.findLast((exchange) => /^tools\//.test(exchange.rpc?.method ?? ''))?.rpc;
    return rpc?.era ?? 'not connected';
  }

  passes(name: CaseName, step: Step): boolean {
    return this.of(name).some((run) => run.passed[run.steps.indexOf(step)] === true);
  }

  /** How many of an upstream's tools the client asked for and got. */
  listed(name: CaseName, upstream: UpstreamName): number {
    return new Set(this.exchanges(name, upstream).flatMap(({ listed }) => listed ?? [])).size;
  }

  /** Whether a session's state is there in the next call. */
  state(name: CaseName): string {
    if (!this.passes(name, STEPS.stateOn)) return 'no call';
    return this.passes(name, STEPS.stateOff) ? 'kept' : 'lost';
  }

  /** What the client answered when the user was asked. */
  answer(name: CaseName, step: Step): string {
    const run = this.of(name).find(({ steps }) => steps.includes(step));
    if (run === undefined) return '-';
    const result = run.results[run.steps.indexOf(step)];
    const action = /"action\W+(accept|decline|cancel)/.exec(result ?? '')?.[1];
    if (action !== undefined) return action;
    const offered = run.exchanges.flatMap(({ listed }) => listed ?? []);
    if (offered.length === 0) return '-';
    return offered.includes(step.tool) ? 'fails' : 'no such tool';
  }

  /** The requests of a case, in order, each once. */
  requests(name: CaseName, upstream: UpstreamName): string[] {
    return [...new Set(this.exchanges(name, upstream).map(requestOf))];
  }

  /** All requests of a case, whatever their path. */
  allRequests(name: CaseName): string[] {
    return [...new Set(this.of(name).flatMap(({ exchanges }) => exchanges.map(requestOf)))];
  }

  /** The names of all headers that Lethe got at the MCP endpoint. */
  headerNames(): string[] {
    return [...new Set(this.exchanges('lethe').flatMap(({ headerNames }) => headerNames))].sort();
  }

  private exchanges(name: CaseName, upstream?: UpstreamName): Exchange[] {
    const isOf = ({ target, path }: Exchange): boolean =>
      upstream === undefined || target === upstream || path.startsWith(`/servers/${upstream}/`);
    return this.of(name).flatMap(({ exchanges }) => exchanges.filter(isOf));
  }
}

/** The JSON-RPC method, else the HTTP method; with its path where that is not the MCP endpoint. */
function requestOf({ method, path, rpc }: Exchange): string {
  const isEndpoint = /^(?:\/servers\/[^/]+)?\/mcp$/.test(path);
  if (!isEndpoint) return `${method} ${path.replace(/\?.*$/, '')}`;
  return rpc?.method ?? (method === 'POST' ? 'a response' : method);
}
