import { type LineLog, type Logger, type Metrics, LetheError, type WriteLine } from '@lethe/platform';
import type { Caller } from '../callers/caller.js';
import type { Call } from '../exchange/call.js';
import { ClientGone } from '../exchange/read-body.js';
import { asLetheError } from '../exchange/refusal.js';

/** What is known of a call only while it is carried out. */
export interface Trail {
  readonly call: Call;
  readonly startedAt: number;
  /** Slug of the gateway it went to. */
  gateway: string;
}

/** Where calls of one kind are recorded; made at the first of them. */
interface Kind {
  /** Calls that the counter does not know of yet. */
  uncounted: number;
  readonly count: { inc(calls: number): void };
  readonly seconds: { observe(value: number): void };
  readonly write: WriteLine;
}

/** One line and one metric per call: who, which, how long, outcome. Never arguments, results or header values. */
export class JournalService {
  private readonly calls;
  private readonly seconds;
  /** What a caller has called before, by its method, gateway and era. */
  private readonly kinds = new WeakMap<Caller, Map<string, Kind>>();
  /** Kinds with calls that the counter does not know of yet. */
  private readonly uncounted = new Set<Kind>();

  constructor(
    private readonly logger: Logger,
    private readonly lines: LineLog,
    metrics: Metrics,
  ) {
    const labels = ['method', 'gateway', 'outcome'] as const;
    const collect = (): void => this.count();
    this.calls = metrics.counter('lethe_proxy_calls_total', 'Messages of MCP clients', labels, collect);
    this.seconds = metrics.durations('lethe_proxy_call_seconds', 'Until the whole answer was sent', 'method');
  }

  begin(call: Call): Trail {
    return { call, startedAt: performance.now(), gateway: '' };
  }

  carriedOut(trail: Trail): void {
    const known = this.kinds.get(trail.call.caller)?.get(keyOf(trail));
    this.record(trail, known ?? this.remember(trail));
  }

  failed(trail: Trail, error: unknown): void {
    const outcome = outcomeOf(error);
    const kind = this.kindOf(trail, outcome);
    if (outcome === 'internal') this.logger.error({ ...factsOf(trail, outcome), err: error }, 'Call failed');
    this.record(trail, outcome === 'internal' ? { ...kind, write: () => undefined } : kind);
  }

  private record({ startedAt }: Trail, kind: Kind): void {
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
    if (kind.uncounted === 0) this.uncounted.add(kind);
    kind.uncounted += 1;
    kind.seconds.observe(durationMs / 1000);
    kind.write(durationMs);
  }

  /** Tells the counter; looking its labels up costs more than counting, so that it is done when somebody reads them. */
  private count(): void {
    for (const kind of this.uncounted) {
      kind.count.inc(kind.uncounted);
      kind.uncounted = 0;
    }
    this.uncounted.clear();
  }

  private remember(trail: Trail): Kind {
    const { caller } = trail.call;
    const kinds = this.kinds.get(caller) ?? new Map<string, Kind>();
    this.kinds.set(caller, kinds);
    const kind = this.kindOf(trail, 'ok');
    kinds.set(keyOf(trail), kind);
    return kind;
  }

  private kindOf(trail: Trail, outcome: string): Kind {
    const method = knownMethod(trail.call);
    return {
      uncounted: 0,
      count: this.calls.labels({ method, gateway: trail.gateway, outcome }),
      seconds: this.seconds.of(method),
      write: this.lines.form(factsOf(trail, outcome), 'Call'),
    };
  }
}

/** Of the few kinds of calls that one caller makes. */
function keyOf({ call, gateway }: Trail): string {
  return `${call.era.era} ${knownMethod(call)} ${gateway}`;
}

function factsOf({ call, gateway }: Trail, outcome: string): Record<string, string> {
  const { caller, era } = call;
  const server = caller.server.manifest.slug;
  return { caller: caller.id, server, gateway, method: knownMethod(call), era: era.era, outcome };
}

/** A method's name is repeated only when it is one that we know. */
function knownMethod({ message, era }: Call): string {
  if (message.kind === 'response') return '(response)';
  return era.methods.has(message.method) ? message.method : '(unknown)';
}

function outcomeOf(error: unknown): string {
  if (error instanceof ClientGone) return 'client_gone';
  const known = asLetheError(error);
  return known instanceof LetheError ? known.code : 'internal';
}
