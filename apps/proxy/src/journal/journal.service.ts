import { type LineLog, type Logger, type Metrics, LetheError, type WriteLine } from '@lethe/platform';
import type { Call } from '../exchange/call.js';
import { ClientGone } from '../exchange/read-body.js';
import { asLetheError } from '../exchange/refusal.js';

/** What is known of a call only while it is carried out. */
export interface Trail {
  gateway?: string;
}

/** Where calls of one kind are recorded: made at the first of them. */
interface Kind {
  readonly count: { inc(): void };
  readonly seconds: { observe(value: number): void };
  readonly write: WriteLine;
}

/** Kinds of calls that are remembered; more callers than that make theirs anew. */
const MAX_KINDS = 10_000;

/** One line and one metric per call: who, which, how long, outcome. Never arguments, results or header values. */
export class JournalService {
  private readonly calls;
  private readonly seconds;
  private readonly kinds = new Map<string, Kind>();

  constructor(
    private readonly logger: Logger,
    private readonly lines: LineLog,
    metrics: Metrics,
  ) {
    const labels = ['method', 'gateway', 'outcome'] as const;
    this.calls = metrics.counter('lethe_proxy_calls_total', 'Messages of MCP clients', labels);
    this.seconds = metrics.histogram('lethe_proxy_call_seconds', 'Until the whole answer was sent', ['method']);
  }

  async follow(call: Call, work: (trail: Trail) => Promise<void>): Promise<void> {
    const trail: Trail = {};
    const startedAt = performance.now();
    try {
      await work(trail);
      this.record(call, trail, startedAt, 'ok');
    } catch (error) {
      const outcome = outcomeOf(error);
      this.record(call, trail, startedAt, outcome);
      if (outcome === 'internal') this.logger.error({ ...factsOf(call, trail, outcome), err: error }, 'Call failed');
      throw error;
    }
  }

  private record(call: Call, trail: Trail, startedAt: number, outcome: string): void {
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
    const { count, seconds, write } = this.kindOf(call, trail, outcome);
    count.inc();
    seconds.observe(durationMs / 1000);
    if (outcome !== 'internal') write(durationMs);
  }

  private kindOf(call: Call, trail: Trail, outcome: string): Kind {
    const { caller, era } = call;
    const method = knownMethod(call);
    const key = `${method} ${trail.gateway ?? ''} ${outcome} ${era.era} ${caller.server.manifest.slug} ${caller.id}`;
    const known = this.kinds.get(key);
    if (known) return known;
    const made = {
      count: this.calls.labels({ method, gateway: trail.gateway ?? '', outcome }),
      seconds: this.seconds.labels({ method }),
      write: this.lines.form(factsOf(call, trail, outcome), 'Call'),
    };
    if (this.kinds.size >= MAX_KINDS) this.kinds.clear();
    this.kinds.set(key, made);
    return made;
  }
}

function factsOf(call: Call, { gateway = '' }: Trail, outcome: string): Record<string, string> {
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
