import { type LineLog, type Logger, type Metrics, type WriteLine, type Done, runCatching } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import { ClientDisconnected } from '../http/request/request-body.js';
import type { MethodRule } from '../protocol/method-table.js';
import { asLetheError } from '../protocol/errors.js';
import type { DecodedRequest } from '../request/mcp-request.js';

/** Calls of one series that have not been added to the counter yet. */
interface PendingCount {
  calls: number;
  readonly counter: { inc(calls: number): void };
}

/** Where the calls of one series are recorded; created at the first call. */
interface CallSeries {
  readonly pending: PendingCount;
  readonly seconds: { observe(value: number): void };
  readonly write: WriteLine;
}

/** Logs and counts each call: caller, method, duration and outcome. Never arguments, results or header values. */
export class CallLog {
  private readonly calls;
  private readonly seconds;
  /** The series of successful calls: caller -> gateway -> rule of the method, of which each era has its own. */
  private readonly series = new WeakMap<Caller, Map<string, Map<MethodRule, CallSeries>>>();
  /** By the labels of the counter; its size is bounded, as the counter's own number of series is. */
  private readonly pending = new Map<string, PendingCount>();

  constructor(
    private readonly logger: Logger,
    private readonly lines: LineLog,
    metrics: Metrics,
  ) {
    const labels = ['method', 'gateway', 'outcome'] as const;
    const collect = (): void => this.count();
    this.calls = metrics.counter('lethe_proxy_calls_total', 'Messages of MCP clients', labels, collect);
    this.seconds = metrics.durations('lethe_proxy_call_seconds', 'Until the whole response was sent', 'method');
  }

  /**
   * Begins the record of a request.
   * @returns a callback that ends the record and then calls `done`
   */
  begin(request: DecodedRequest, done: Done): Done {
    request.startedAt = performance.now();
    return (error) =>
      runCatching(() => {
        this.end(request, error);
        done(error);
      }, done);
  }

  private end(request: DecodedRequest, error: unknown): void {
    if (error === undefined) this.record(request, this.succeeded(request));
    else this.record(request, this.failed(request, error));
  }

  private succeeded(request: DecodedRequest): CallSeries {
    const { caller, rule } = request;
    if (!rule) return this.seriesOf(request, 'ok');
    return this.series.get(caller)?.get(gatewayOf(request))?.get(rule) ?? this.remember(request, rule);
  }

  private failed(request: DecodedRequest, error: unknown): CallSeries {
    const outcome = error instanceof ClientDisconnected ? 'client_gone' : asLetheError(error).code;
    const series = this.seriesOf(request, outcome);
    if (outcome !== 'internal') return series;
    this.logger.error({ ...factsOf(request, outcome), err: error }, 'Call failed');
    return { ...series, write: () => undefined };
  }

  private record({ startedAt = 0 }: DecodedRequest, series: CallSeries): void {
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
    series.pending.calls += 1;
    series.seconds.observe(durationMs / 1000);
    series.write(durationMs);
  }

  /** Adds the pending calls to the counter, when metrics are read: label look-ups are too slow for every call. */
  private count(): void {
    for (const pending of this.pending.values()) {
      if (pending.calls > 0) pending.counter.inc(pending.calls);
      pending.calls = 0;
    }
  }

  private pendingCount(method: string, gateway: string, outcome: string): PendingCount {
    const key = `${method} ${gateway} ${outcome}`;
    const known = this.pending.get(key);
    if (known) return known;
    const pending = { calls: 0, counter: this.calls.labels({ method, gateway, outcome }) };
    this.pending.set(key, pending);
    return pending;
  }

  private remember(request: DecodedRequest, rule: MethodRule): CallSeries {
    const { caller } = request;
    const gateway = gatewayOf(request);
    const ofCaller = this.series.get(caller) ?? new Map<string, Map<MethodRule, CallSeries>>();
    this.series.set(caller, ofCaller);
    const ofGateway = ofCaller.get(gateway) ?? new Map<MethodRule, CallSeries>();
    ofCaller.set(gateway, ofGateway);
    const series = this.seriesOf(request, 'ok');
    ofGateway.set(rule, series);
    return series;
  }

  private seriesOf(request: DecodedRequest, outcome: string): CallSeries {
    const method = knownMethod(request);
    return {
      pending: this.pendingCount(method, gatewayOf(request), outcome),
      seconds: this.seconds.of(method),
      write: this.lines.form(factsOf(request, outcome), 'Call'),
    };
  }
}

/** Slug of the gateway that got the request; empty if there was none. */
function gatewayOf({ target }: DecodedRequest): string {
  return target === undefined ? '' : target.item.gateway.slug;
}

function factsOf(request: DecodedRequest, outcome: string): Record<string, string> {
  const { caller, era } = request;
  const server = caller.server.manifest.slug;
  const gateway = gatewayOf(request);
  return { caller: caller.id, server, gateway, method: knownMethod(request), era: era.era, outcome };
}

/** A method's name is logged only if it is known: a client can send any text. */
function knownMethod({ message, rule }: DecodedRequest): string {
  if (message.kind === 'response') return '(response)';
  return rule ? message.method : '(unknown)';
}
