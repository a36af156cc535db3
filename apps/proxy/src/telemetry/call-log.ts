import {
  type Done,
  type DurationSeries,
  type LineLog,
  type Logger,
  type Metrics,
  runCatching,
  type WriteLine,
} from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import { ClientDisconnected } from '../http/request/request-body.js';
import type { MethodRule } from '../protocol/method-table.js';
import { asLetheError } from '../protocol/errors.js';
import type { DecodedRequest } from '../request/mcp-request.js';
import { type CallFailure, serverErrorType } from './call-spans.js';
import type { CallTraces } from './call-traces.js';
import { OperationDurations } from './operation-durations.js';
import type { SeenCalls } from './seen-gateways.js';

/** Outcomes of calls whose upstream has answered: a refusal of the credential shows that it lives, too. */
const ANSWERED: ReadonlySet<string> = new Set([
  ...['ok', 'upstream_rejected_credential', 'kept_credential_rejected', 'upstream_rate_limited'],
]);
const FAILED: ReadonlySet<string> = new Set(['upstream_unreachable', 'upstream_unavailable']);

/** Calls of one series that have not been added to the counter yet. */
interface PendingCount {
  calls: number;
  /** Calls that were added to it. */
  counted: number;
  /** Calls that were reported of the gateway. */
  reported: number;
  readonly gateway: string;
  readonly outcome: string;
  readonly counter: { inc(calls: number): void };
}

/** Where the calls of one series are recorded; created at the first call. */
interface CallSeries {
  readonly pending: PendingCount;
  readonly seconds: DurationSeries;
  readonly server: DurationSeries;
  /** Undefined if no upstream gets such a message. */
  readonly client: DurationSeries | undefined;
  readonly write: WriteLine;
}

/** Logs and counts each call: caller, method, duration and outcome. Never arguments, results or header values. */
export class CallLog {
  private readonly calls;
  private readonly seconds;
  private readonly operations;
  private readonly limited;
  /** The series of successful calls: caller -> gateway -> rule of the method, of which each era has its own. */
  private readonly series = new WeakMap<Caller, Map<string, Map<MethodRule, CallSeries>>>();
  /** By the labels of the counter; its size is bounded, as the counter's own number of series is. */
  private readonly pending = new Map<string, PendingCount>();
  /** Gateways whose upstreams asked for a credential, since the last report. */
  private asking = new Set<string>();

  constructor(
    private readonly logger: Logger,
    private readonly lines: LineLog,
    metrics: Metrics,
    /** Undefined if traces are off. */
    private readonly traces: CallTraces | undefined,
  ) {
    const labels = ['method', 'gateway', 'outcome'] as const;
    const collect = (): void => this.count();
    this.calls = metrics.counter('lethe_proxy_calls_total', 'Messages of MCP clients', labels, collect);
    const help = 'Until the whole response was sent';
    this.seconds = metrics.durations({ name: 'lethe_proxy_call_seconds', help, labelNames: ['method'] });
    this.operations = new OperationDurations(metrics);
    const limited = 'Calls that a limit has refused';
    this.limited = metrics.counter('lethe_proxy_limited_total', limited, ['limit', 'gateway']);
  }

  /**
   * Begins the record of a request.
   * @returns a callback that ends the record and then calls `done`
   */
  begin(request: DecodedRequest, done: Done): Done {
    request.startedAt = performance.now();
    this.traces?.begin(request);
    return (error) =>
      runCatching(() => {
        this.end(request, error);
        done(error);
      }, done);
  }

  private end(request: DecodedRequest, error: unknown): void {
    const failure =
      error instanceof ClientDisconnected ? 'client_gone' : error === undefined ? error : asLetheError(error);
    const endedAt = performance.now();
    if (failure === undefined) this.record(request, this.succeeded(request), endedAt);
    else this.record(request, this.failed(request, failure, error), endedAt);
    if (request.trace) this.traces?.end(request, request.trace, failure, endedAt);
  }

  private succeeded(request: DecodedRequest): CallSeries {
    const { caller, rule } = request;
    if (!rule) return this.seriesOf(request, undefined);
    return this.series.get(caller)?.get(seriesKey(request))?.get(rule) ?? this.remember(request, rule);
  }

  private failed(request: DecodedRequest, failure: CallFailure, error: unknown): CallSeries {
    const series = this.seriesOf(request, failure);
    const outcome = outcomeOf(failure);
    const limit = limitOf(failure);
    if (limit !== undefined) this.limited.inc({ limit, gateway: gatewayOf(request) });
    const hasAsked = outcome === 'credential_required' && request.forwardedAt !== undefined;
    if (hasAsked) this.asking.add(gatewayOf(request));
    if (outcome !== 'internal') return series;
    this.logger.error({ ...factsOf(request, outcome), err: error }, 'Call failed');
    return { ...series, write: () => undefined };
  }

  private record({ startedAt = 0, forwardedAt }: DecodedRequest, series: CallSeries, endedAt: number): void {
    const durationMs = Math.round((endedAt - startedAt) * 100) / 100;
    series.pending.calls += 1;
    series.seconds.observe(durationMs / 1000);
    series.server.observe(durationMs / 1000);
    if (forwardedAt !== undefined) series.client?.observe((endedAt - forwardedAt) / 1000);
    series.write(durationMs);
  }

  /** Adds the pending calls to the counter, when metrics are read: label look-ups are too slow for every call. */
  private count(): void {
    for (const pending of this.pending.values()) {
      if (pending.calls > 0) pending.counter.inc(pending.calls);
      pending.counted += pending.calls;
      pending.calls = 0;
    }
  }

  /** Which gateways' upstreams have answered or failed since the last time. Read from the counts: it costs a call nothing. */
  takeSeen(): SeenCalls {
    const seen = { answered: this.asking, failed: new Set<string>() };
    this.asking = new Set();
    for (const pending of this.pending.values()) {
      const total = pending.counted + pending.calls;
      if (total === pending.reported) continue;
      pending.reported = total;
      const { gateway, outcome } = pending;
      if (gateway !== '' && ANSWERED.has(outcome)) seen.answered.add(gateway);
      if (gateway !== '' && FAILED.has(outcome)) seen.failed.add(gateway);
    }
    return { answered: [...seen.answered], failed: [...seen.failed] };
  }

  private pendingCount(method: string, gateway: string, outcome: string): PendingCount {
    const key = `${method} ${gateway} ${outcome}`;
    const known = this.pending.get(key);
    if (known) return known;
    const counts = { calls: 0, counted: 0, reported: 0, gateway, outcome };
    const pending = { ...counts, counter: this.calls.labels({ method, gateway, outcome }) };
    this.pending.set(key, pending);
    return pending;
  }

  private remember(request: DecodedRequest, rule: MethodRule): CallSeries {
    const { caller } = request;
    const gateway = seriesKey(request);
    const ofCaller = this.series.get(caller) ?? new Map<string, Map<MethodRule, CallSeries>>();
    this.series.set(caller, ofCaller);
    const ofGateway = ofCaller.get(gateway) ?? new Map<MethodRule, CallSeries>();
    ofCaller.set(gateway, ofGateway);
    const series = this.seriesOf(request, undefined);
    ofGateway.set(rule, series);
    return series;
  }

  private seriesOf(request: DecodedRequest, failure: CallFailure): CallSeries {
    const [method, gateway, outcome] = [knownMethod(request), gatewayOf(request), outcomeOf(failure)];
    return {
      pending: this.pendingCount(method, gateway, outcome),
      seconds: this.seconds.of(method),
      server: this.operations.server.of(method, serverErrorType(request, failure) ?? ''),
      client: gateway === '' ? undefined : this.operations.client.of(method, gateway, failure ? outcome : ''),
      write: this.lines.form(factsOf(request, outcome, limitOf(failure)), 'Call'),
    };
  }
}

function outcomeOf(failure: CallFailure): string {
  return failure === undefined || failure === 'client_gone' ? (failure ?? 'ok') : failure.code;
}

/** Which limit has refused a call; undefined if none has. */
function limitOf(failure: CallFailure): string | undefined {
  if (failure === undefined || failure === 'client_gone') return undefined;
  const { code, detail } = failure;
  if (code === 'rate_limited') return String(detail['limit']);
  const { why } = detail;
  if (code !== 'gateway_unavailable' || (why !== 'circuit' && why !== 'concurrent')) return undefined;
  return `gateway_${why}`;
}

/** Slug of the gateway that got the request; empty if there was none. */
function gatewayOf({ target }: DecodedRequest): string {
  return target === undefined ? '' : target.item.gateway.slug;
}

/** Calls with a kept credential have lines of their own. */
function seriesKey(request: DecodedRequest): string {
  return request.credentials?.isKept ? `${gatewayOf(request)} kept` : gatewayOf(request);
}

function factsOf(request: DecodedRequest, outcome: string, limit?: string): Record<string, string> {
  const { caller, era } = request;
  const server = caller.server.manifest.slug;
  const gateway = gatewayOf(request);
  const facts = { caller: caller.id, server, gateway, method: knownMethod(request), era: era.era, outcome };
  return {
    ...facts,
    ...(request.credentials?.isKept === true && { credentialLife: 'kept' }),
    ...(limit !== undefined && { limit }),
  };
}

/** A method's name is logged only if it is known: a client can send any text. */
function knownMethod({ message, rule }: DecodedRequest): string {
  if (message.kind === 'response') return '(response)';
  return rule ? message.method : '(unknown)';
}
