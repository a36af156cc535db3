import { LetheError } from '@lethe/platform';
import type { Caller } from '../../auth/caller.js';
import type { Exchange } from '../../protocol/exchange.js';
import type { StreamEnd, StreamJournal } from '../../telemetry/stream-log.js';
import type { SessionsService } from '../../sessions/sessions.service.js';
import type { ResumedCalls } from './call-resumption.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import { SessionStream } from './session-stream.js';
import type { UpstreamListeners } from './upstream-streams.js';

/** How often it is asked whether the caller may still listen. */
const RECHECK_MS = 15_000;

/** What streams need to know while they are open. */
export interface StreamWorld {
  /** @throws LetheError when the caller is not, or no longer, one of the virtual server's */
  identify(exchange: Exchange): Promise<Caller>;
  /** Calls back after each change of a virtual server until the result is called. */
  onChange(slug: string, changed: () => void): () => void;
}

/** GET streams: of a session, or of one call that a client takes up again. Each replica knows those that it holds open. */
export class SessionStreamsService {
  private readonly closing = new AbortController();

  constructor(
    private readonly sessions: SessionsService,
    private readonly sealed: SealedIds,
    private readonly listeners: UpstreamListeners,
    private readonly resumed: ResumedCalls,
    private readonly world: StreamWorld,
    private readonly journal: StreamJournal,
  ) {}

  /**
   * Serves one stream to its end.
   * @throws LetheError `method_not_allowed` outside a session, `session_unknown`, `header_illegal`; ClientGone
   */
  async serve(exchange: Exchange, caller: Caller): Promise<void> {
    if (this.closing.signal.aborted) throw new LetheError('not_ready');
    const token = exchange.headers.get('mcp-session-id');
    if (token === undefined) throw new LetheError('method_not_allowed');
    const session = this.sessions.continue(token, caller, '');
    const lastEventId = exchange.headers.get('last-event-id');
    const place = lastEventId === undefined ? undefined : this.sealed.openPlace(session, lastEventId);
    if (lastEventId !== undefined && !place) {
      throw new LetheError('header_illegal', { header: 'last-event-id', rule: 'unknown' });
    }
    const listening = { exchange, caller, session, closing: this.closing.signal };
    if (place?.of === 'call') {
      return this.journal.follow('resumed_call', caller, () => this.resumed.resume(listening, place));
    }
    const stream = new SessionStream(listening, this.sealed, place);
    await this.journal.follow('session', caller, () => this.carry(stream, exchange));
  }

  private async carry(stream: SessionStream, exchange: Exchange): Promise<StreamEnd> {
    try {
      await this.listeners.open(stream);
      stream.begin();
      await this.hold(stream, exchange);
    } finally {
      stream.leave('session_lost');
    }
    exchange.reply.end();
    return stream.end ?? 'session_lost';
  }

  /** Ends every open stream: clients take them up again at another replica. */
  close(): void {
    this.closing.abort();
  }

  /** Until somebody leaves, the session ends, the caller may no longer listen, or the gateways are others. */
  private async hold(stream: SessionStream, exchange: Exchange): Promise<void> {
    const check = async (): Promise<void> => {
      const caller = await this.world.identify(exchange).catch(() => undefined);
      if (stream.signal.aborted) return;
      if (!caller) stream.leave('caller_refused');
      else if (Date.now() / 1000 >= stream.session.endsAt) stream.leave('session_over');
      else if (!stream.follow(caller.server)) stream.leave('gateways_changed');
    };
    const stopWatching = this.world.onChange(exchange.slug, () => void check());
    const timer = setInterval(() => void check(), RECHECK_MS);
    // What changed while the stream was being opened.
    await check();
    await aborted(stream.signal);
    clearInterval(timer);
    stopWatching();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
