import { type Logger, LetheError, type Metrics } from '@lethe/platform';
import type { Caller } from '../auth/caller.js';
import { ClientDisconnected } from '../http/request-body.js';
import { asLetheError } from '../protocol/errors.js';

/** A stream that a client keeps open: of its session, of one call that it took up again, or of the news it listens to. */
export type StreamKind = 'session' | 'resumed_call' | 'listen';

/** Why a stream that was open ended. */
export type StreamEnd =
  | 'client_gone'
  | 'answered'
  | 'upstream_ended'
  | 'replica_ending'
  | 'session_over'
  | 'session_lost'
  | 'caller_refused'
  | 'gateways_changed';

/** Up to a day: these are open for as long as a client likes. */
const SECONDS = [1, 10, 60, 300, 1_800, 7_200, 28_800, 86_400];

/** One line when a stream opens and one when it ends, and how many are open. Never what is said on it. */
export class StreamLog {
  private readonly open;
  private readonly ended;
  private readonly seconds;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
  ) {
    this.open = metrics.gauge('lethe_proxy_streams_open', 'Streams that clients keep open', ['kind']);
    this.ended = metrics.counter('lethe_proxy_streams_total', 'Streams that have ended', ['kind', 'ended']);
    this.seconds = metrics.histogram('lethe_proxy_stream_seconds', 'How long streams were open', ['kind'], SECONDS);
  }

  /** Follows a stream to its end; `work` resolves with why it ended. */
  async follow(kind: StreamKind, caller: Caller, work: () => Promise<StreamEnd>): Promise<void> {
    const line = { caller: caller.id, server: caller.server.manifest.slug, kind };
    const startedAt = performance.now();
    this.open.inc({ kind });
    this.logger.info(line, 'Stream opened');
    let ended = 'internal';
    try {
      ended = await work();
    } catch (error) {
      ended = endOf(error);
      throw error;
    } finally {
      const durationMs = Math.round(performance.now() - startedAt);
      this.open.dec({ kind });
      this.ended.inc({ kind, ended });
      this.seconds.observe({ kind }, durationMs / 1000);
      this.logger.info({ ...line, durationMs, outcome: ended }, 'Stream ended');
    }
  }
}

/** A closed code, as in the journal of calls. */
function endOf(error: unknown): string {
  if (error instanceof ClientDisconnected) return 'client_gone';
  const known = asLetheError(error);
  return known instanceof LetheError ? known.code : 'internal';
}
