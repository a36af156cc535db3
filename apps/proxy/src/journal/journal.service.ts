import { type Logger, type Metrics, LetheError } from '@lethe/platform';
import type { Call } from '../exchange/call.js';
import { ClientGone } from '../exchange/read-body.js';
import { asLetheError } from '../exchange/refusal.js';

/** What is known of a call only while it is carried out. */
export interface Trail {
  gateway?: string;
}

/** One line and one metric per call: who, which, how long, outcome. Never arguments, results or header values. */
export class JournalService {
  private readonly calls;
  private readonly seconds;

  constructor(
    private readonly logger: Logger,
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
      this.record(call, trail, startedAt, outcomeOf(error), error);
      throw error;
    }
  }

  private record(call: Call, trail: Trail, startedAt: number, outcome: string, error?: unknown): void {
    const method = knownMethod(call);
    const gateway = trail.gateway ?? '';
    const durationMs = Math.round((performance.now() - startedAt) * 100) / 100;
    this.calls.inc({ method, gateway, outcome });
    this.seconds.observe({ method }, durationMs / 1000);
    const { caller, era } = call;
    const line = {
      caller: caller.id,
      server: caller.server.manifest.slug,
      gateway,
      method,
      era: era.era,
      durationMs,
      outcome,
    };
    if (outcome === 'internal') this.logger.error({ ...line, err: error }, 'Call failed');
    else this.logger.info(line, 'Call');
  }
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
