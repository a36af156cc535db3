import type { AddressedRequest, Logger, Metrics } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import { ClientDisconnected } from '../http/request/request-body.js';
import { asLetheError } from '../protocol/errors.js';

/** A stream that a client keeps open: of its session, of a call that it resumed, or of its `subscriptions/listen`. */
export type StreamKind = 'session' | 'resumed_call' | 'listen';

/** Why a stream ended. */
export type StreamEnd =
  | 'client_gone'
  | 'answered'
  | 'upstream_ended'
  | 'replica_ending'
  | 'session_over'
  | 'session_lost'
  | 'caller_refused'
  | 'gateways_changed'
  | 'era_refused';

/** Buckets up to one day: a client may keep a stream open for as long as it likes. */
const SECONDS = [1, 10, 60, 300, 1_800, 7_200, 28_800, 86_400];

/** The request that opened a stream. */
interface StreamRequest {
  readonly caller: Caller;
  readonly response: { readonly request: AddressedRequest };
}

/** Logs when a stream opens and ends, and counts the open streams. Never the content of their messages. */
export class StreamLog {
  private readonly open;
  private readonly openNow = new Map<StreamKind, number>();
  private readonly ended;
  private readonly seconds;

  constructor(
    private readonly logger: Logger,
    metrics: Metrics,
    /** Where a request comes from. */
    private readonly addressOf: (request: AddressedRequest) => string,
  ) {
    this.open = metrics.gauge('lethe_proxy_streams_open', 'Streams that clients keep open', ['kind']);
    this.ended = metrics.counter('lethe_proxy_streams_total', 'Streams that have ended', ['kind', 'ended']);
    this.seconds = metrics.histogram('lethe_proxy_stream_seconds', 'How long streams were open', ['kind'], SECONDS);
  }

  /** The streams that are open now, by kind; also kinds of which all have ended. */
  openStreams(): { kind: StreamKind; open: number }[] {
    return [...this.openNow].map(([kind, open]) => ({ kind, open }));
  }

  private count(kind: StreamKind, more: 1 | -1): void {
    this.open.inc({ kind }, more);
    this.openNow.set(kind, (this.openNow.get(kind) ?? 0) + more);
  }

  /** Follows a stream to its end; `work` resolves with why it ended. */
  async follow(kind: StreamKind, { caller, response }: StreamRequest, work: () => Promise<StreamEnd>): Promise<void> {
    const address = this.addressOf(response.request);
    const line = { caller: caller.id, server: caller.server.manifest.slug, kind, address };
    const startedAt = performance.now();
    this.count(kind, 1);
    this.logger.info(line, 'Stream opened');
    let ended = 'internal';
    try {
      ended = await work();
    } catch (error) {
      ended = endOf(error);
      throw error;
    } finally {
      const durationMs = Math.round(performance.now() - startedAt);
      this.count(kind, -1);
      this.ended.inc({ kind, ended });
      this.seconds.observe({ kind }, durationMs / 1000);
      this.logger.info({ ...line, durationMs, outcome: ended }, 'Stream ended');
    }
  }
}

/** The outcome of a failed stream, with the same codes as in the call log. */
function endOf(error: unknown): string {
  return error instanceof ClientDisconnected ? 'client_gone' : asLetheError(error).code;
}
