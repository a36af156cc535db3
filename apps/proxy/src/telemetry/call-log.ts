import { type LineLog, type Logger, type Metrics, LetheError, type WriteLine } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import type { DecodedCall } from '../protocol/message.js';
import { ClientDisconnected } from '../http/request-body.js';
import type { MethodRule } from '../protocol/method-table.js';
import { asLetheError } from '../protocol/mcp-error-response.js';

/** What is known of a call only while it is carried out. */
export interface CallRecord {
  readonly call: DecodedCall;
  readonly startedAt: number;
  /** Slug of the gateway it went to. */
  gateway: string;
}

/** Calls of one series that the counter does not know of yet. */
interface PendingCount {
  calls: number;
  readonly counter: { inc(calls: number): void };
}

/** Where calls of one kind are recorded; made at the first of them. */
interface CallSeries {
  readonly tally: PendingCount;
  readonly seconds: { observe(value: number): void };
  readonly write: WriteLine;
}

/** One line and one metric per call: who, which, how long, outcome. Never arguments, results or header values. */
export class CallLog {
  private readonly calls;
  private readonly seconds;
  /** What a caller has called before, by gateway and then by the method's rule, of which each era has its own. */
  private readonly kinds = new WeakMap<Caller, Map<string, Map<MethodRule, CallSeries>>>();
  /** By the labels of the counter's series, which are as many. */
  private readonly tallies = new Map<string, PendingCount>();

  constructor(
    private readonly logger: Logger,
    private readonly lines: LineLog,
    metrics: Metrics,
  ) {
    const labels = ['method', 'gateway', 'outcome'] as const;
    const collect = (): void => this.count();
    this.calls = metrics.counter('lethe_proxy_calls_total', 'Messages of MCP clients', labels, collect);
    this.seconds = metrics.durations('lethe_proxy_call_seconds', 'Until the whole answer was given', 'method');
  }

  begin(call: DecodedCall): CallRecord {
    return { call, startedAt: performance.now(), gateway: '' };
  }

  succeeded(record: CallRecord): void {
    const { caller, rule } = record.call;
    if (!rule) return this.record(record, this.kindOf(record, 'ok'));
    const known = this.kinds.get(caller)?.get(record.gateway)?.get(rule);
    this.record(record, known ?? this.remember(record, rule));
  }

  failed(record: CallRecord, error: unknown): void {
    const outcome = outcomeOf(error);
    const kind = this.kindOf(record, outcome);
    if (outcome === 'internal') this.logger.error({ ...factsOf(record, outcome), err: error }, 'Call failed');
    this.record(record, outcome === 'internal' ? { ...kind, write: () => undefined } : kind);
  }

  private record({ startedAt }: CallRecord, kind: CallSeries): void {
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
    kind.tally.calls += 1;
    kind.seconds.observe(durationMs / 1000);
    kind.write(durationMs);
  }

  /** Tells the counter; looking its labels up costs more than counting, so that it is done when somebody reads them. */
  private count(): void {
    for (const tally of this.tallies.values()) {
      if (tally.calls > 0) tally.counter.inc(tally.calls);
      tally.calls = 0;
    }
  }

  private tallyOf(method: string, gateway: string, outcome: string): PendingCount {
    const key = `${method} ${gateway} ${outcome}`;
    const known = this.tallies.get(key);
    if (known) return known;
    const tally = { calls: 0, counter: this.calls.labels({ method, gateway, outcome }) };
    this.tallies.set(key, tally);
    return tally;
  }

  private remember(record: CallRecord, rule: MethodRule): CallSeries {
    const { caller } = record.call;
    const ofCaller = this.kinds.get(caller) ?? new Map<string, Map<MethodRule, CallSeries>>();
    this.kinds.set(caller, ofCaller);
    const ofGateway = ofCaller.get(record.gateway) ?? new Map<MethodRule, CallSeries>();
    ofCaller.set(record.gateway, ofGateway);
    const kind = this.kindOf(record, 'ok');
    ofGateway.set(rule, kind);
    return kind;
  }

  private kindOf(record: CallRecord, outcome: string): CallSeries {
    const method = knownMethod(record.call);
    return {
      tally: this.tallyOf(method, record.gateway, outcome),
      seconds: this.seconds.of(method),
      write: this.lines.form(factsOf(record, outcome), 'Call'),
    };
  }
}

function factsOf({ call, gateway }: CallRecord, outcome: string): Record<string, string> {
  const { caller, era } = call;
  const server = caller.server.manifest.slug;
  return { caller: caller.id, server, gateway, method: knownMethod(call), era: era.era, outcome };
}

/** A method's name is repeated only when it is one that we know. */
function knownMethod({ message, rule }: DecodedCall): string {
  if (message.kind === 'response') return '(response)';
  return rule ? message.method : '(unknown)';
}

function outcomeOf(error: unknown): string {
  if (error instanceof ClientDisconnected) return 'client_gone';
  const known = asLetheError(error);
  return known instanceof LetheError ? known.code : 'internal';
}
