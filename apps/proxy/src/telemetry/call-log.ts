import { clientName, isObject, META, readTraceparent } from '@lethe/mcp';
import {
  type AddressedRequest,
  type Done,
  type DurationSeries,
  type LineLog,
  LineMember,
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
import { clientText, factsOf, knownMethod, limitOf, outcomeOf, ownFacts } from './call-facts.js';
import { type CallFailure, serverErrorType } from './call-spans.js';
import type { CallTraces } from './call-traces.js';
import { OperationDurations } from './operation-durations.js';
import { type PendingCount, PendingCounts } from './pending-counts.js';
import type { SeenCalls } from './seen-calls.js';
import type { CallCount } from './seen-counts.js';
import type { SeenUpstreams } from './seen-gateways.js';

/** Where the calls of one series are recorded; created at the first call. */
interface CallSeries {
  readonly pending: PendingCount;
  readonly seen: CallCount;
  readonly seconds: DurationSeries;
  readonly server: DurationSeries;
  /** Undefined if no upstream gets such a message. */
  readonly client: DurationSeries | undefined;
  readonly write: WriteLine;
  /** Whether the next call is the first one of its caller with this method at this gateway. */
  isNew: boolean;
}

/**
 * Logs and counts each call: caller and address, client, method, tool, trace, duration and outcome. Never arguments, results or
 * values of the caller's headers.
 */
export class CallLog {
  private readonly seconds;
  private readonly operations;
  private readonly limited;
  /** The series of successful calls: caller -> gateway -> rule of the method, of which each era has its own. */
  private readonly series = new WeakMap<Caller, Map<string, Map<MethodRule, CallSeries>>>();
  private readonly pending;
  private readonly tools = new LineMember('tool');
  private readonly prompts = new LineMember('prompt');
  private readonly clients = new LineMember('client', clientText);
  private readonly addresses = new LineMember('address');

  constructor(
    private readonly logger: Logger,
    private readonly lines: LineLog,
    metrics: Metrics,
    /** Undefined if traces are off. */
    private readonly traces: CallTraces | undefined,
    /** Where a request comes from. */
    private readonly addressOf: (request: AddressedRequest) => string,
    private readonly seen: Pick<SeenCalls, 'counts' | 'sample'>,
  ) {
    this.pending = new PendingCounts(metrics);
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
    // Afterwards the connection may be gone.
    const address = this.lines.isOn ? this.addressOf(request.response.request) : '';
    return (error) =>
      runCatching(() => {
        this.end(request, address, error);
        done(error);
      }, done);
  }

  private end(request: DecodedRequest, address: string, error: unknown): void {
    const failure =
      error instanceof ClientDisconnected ? 'client_gone' : error === undefined ? error : asLetheError(error);
    const endedAt = performance.now();
    if (failure === undefined) this.record(request, address, this.succeeded(request), endedAt);
    else this.record(request, address, this.failed(request, address, failure, error), endedAt);
    if (request.trace) this.traces?.end(request, request.trace, failure, endedAt);
  }

  private succeeded(request: DecodedRequest): CallSeries {
    const { caller, rule } = request;
    if (!rule) return this.seriesOf(request, undefined);
    return this.series.get(caller)?.get(seriesKey(request))?.get(rule) ?? this.remember(request, rule);
  }

  private failed(request: DecodedRequest, address: string, failure: CallFailure, error: unknown): CallSeries {
    const series = this.seriesOf(request, failure);
    const [gateway, outcome, limit] = [gatewayOf(request), outcomeOf(failure), limitOf(failure)];
    if (limit !== undefined) this.limited.inc({ limit, gateway });
    const hasAsked = outcome === 'credential_required' && request.forwardedAt !== undefined;
    if (hasAsked) this.pending.noteAsking(gateway);
    if (outcome !== 'internal') return series;
    const own = ownFacts(request, { client: clientOf(request), address, traceId: traceIdOf(request) });
    this.logger.error({ ...factsOf(request, { gateway, outcome, limit }), ...own, err: error }, 'Call failed');
    return { ...series, write: () => undefined };
  }

  private record(request: DecodedRequest, address: string, series: CallSeries, endedAt: number): void {
    const { startedAt = 0, forwardedAt } = request;
    const durationMs = Math.round((endedAt - startedAt) * 100) / 100;
    series.pending.calls += 1;
    this.tell(request, series, { durationMs, endedAt });
    series.seconds.observe(durationMs / 1000);
    series.server.observe(durationMs / 1000);
    if (forwardedAt !== undefined) series.client?.observe((endedAt - forwardedAt) / 1000);
    series.write(durationMs, this.lines.isOn ? this.ownMembers(request, address) : '');
  }

  /** What a line has of its own. Its parts come again and again, so each is encoded once. */
  private ownMembers(request: DecodedRequest, address: string): string {
    const item = request.target?.item;
    const traceId = traceIdOf(request);
    const named =
      item?.kind === 'tool'
        ? this.tools.of(item.exposed)
        : item?.kind === 'prompt'
          ? this.prompts.of(item.exposed)
          : '';
    const trace = traceId === undefined ? '' : `,"traceId":"${traceId}"`;
    return named + this.clients.of(clientOf(request)) + this.addresses.of(address) + trace;
  }

  /** For the registry. */
  private tell(request: DecodedRequest, series: CallSeries, times: { durationMs: number; endedAt: number }): void {
    const { seen, isNew } = series;
    this.seen.counts.add(seen, times.durationMs / 1000);
    if (this.seen.sample.wants(isNew, seen.isSuccess))
      this.seen.sample.add(seen, { request, client: clientOf(request), ...times }, isNew);
    series.isNew = false;
  }

  /** Which gateways' upstreams have answered or failed since the last time. */
  takeSeen(): SeenUpstreams {
    return this.pending.takeSeen();
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
    const limit = limitOf(failure);
    const server = request.caller.server.manifest.slug;
    return {
      pending: this.pending.of(method, gateway, outcome),
      seen: this.seen.counts.of({ server, gateway, method, outcome, limit: limit ?? '' }),
      isNew: request.rule !== undefined,
      seconds: this.seconds.of(method),
      server: this.operations.server.of(method, serverErrorType(request, failure) ?? ''),
      client: gateway === '' ? undefined : this.operations.client.of(method, gateway, failure ? outcome : ''),
      write: this.lines.form(factsOf(request, { gateway, outcome, limit }), 'Call'),
    };
  }
}

/** Slug of the gateway that got the request; empty if there was none. */
function gatewayOf({ target }: DecodedRequest): string {
  return target === undefined ? '' : target.item.gateway.slug;
}

/** Calls with a kept credential have lines of their own. */
function seriesKey(request: DecodedRequest): string {
  return request.credentials?.isKept ? `${gatewayOf(request)} kept` : gatewayOf(request);
}

/** The client's own trace, unless the call is part of one that Lethe takes part in. */
function traceIdOf({ trace, message, headers }: DecodedRequest): string | undefined {
  if (trace) return trace.server.traceId;
  const meta = message.kind === 'response' ? undefined : message.params['_meta'];
  const ofMessage = isObject(meta) ? meta['traceparent'] : undefined;
  return readTraceparent(ofMessage ?? headers.get('traceparent'))?.traceId;
}

/** As the client called itself at `initialize` or, in the modern era, in this message. */
function clientOf({ session, message }: DecodedRequest): string {
  const known = session?.client?.clientInfo;
  if (known !== undefined) return clientName(known);
  if (message.kind === 'response') return '';
  const meta = message.params['_meta'];
  return clientName((isObject(meta) ? meta[META.clientInfo] : undefined) ?? message.params['clientInfo']);
}
