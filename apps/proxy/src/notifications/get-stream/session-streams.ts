import { LetheError } from '@lethe/platform';
import type { Caller } from '../../auth/caller.js';
import type { McpHttpRequest } from '../../protocol/exchange.js';
import type { StreamEnd, StreamLog } from '../../telemetry/stream-log.js';
import type { Sessions } from '../../sessions/sessions.service.js';
import type { OpenStreams } from '../open-streams.js';
import type { CallResumption } from './call-resumption.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import { SessionStream } from './session-stream.js';
import type { UpstreamStreams } from './upstream-streams.js';

/** GET streams: of a session, or of one call that a client takes up again. Each replica knows those that it holds open. */
export class SessionStreams {
  constructor(
    private readonly sessions: Sessions,
    private readonly sealed: SealedIds,
    private readonly upstreamStreams: UpstreamStreams,
    private readonly resumption: CallResumption,
    private readonly openStreams: OpenStreams,
    private readonly streamLog: StreamLog,
  ) {}

  /**
   * Serves one stream to its end.
   * @throws LetheError `method_not_allowed` outside a session, `session_unknown`, `header_illegal`; ClientGone
   */
  async serve(exchange: McpHttpRequest, caller: Caller): Promise<void> {
    const { closing } = this.openStreams;
    if (closing.aborted) throw new LetheError('not_ready');
    const token = exchange.headers.get('mcp-session-id');
    if (token === undefined) throw new LetheError('method_not_allowed');
    const session = this.sessions.continue(token, caller, '');
    const lastEventId = exchange.headers.get('last-event-id');
    const resumptionPoint =
      lastEventId === undefined ? undefined : this.sealed.openResumptionPoint(session, lastEventId);
    if (lastEventId !== undefined && !resumptionPoint) {
      throw new LetheError('header_illegal', { header: 'last-event-id', rule: 'unknown' });
    }
    const options = { exchange, caller, session, closing };
    if (resumptionPoint?.of === 'call') {
      return this.streamLog.follow('resumed_call', caller, () => this.resumption.resume(options, resumptionPoint));
    }
    const stream = new SessionStream(options, this.sealed, resumptionPoint);
    await this.streamLog.follow('session', caller, () => this.serveOpened(stream, exchange));
  }

  private async serveOpened(stream: SessionStream, exchange: McpHttpRequest): Promise<StreamEnd> {
    try {
      await this.upstreamStreams.open(stream);
      stream.start();
      await this.keepOpen(stream, exchange);
    } finally {
      stream.close('session_lost');
    }
    exchange.response.end();
    return stream.end ?? 'session_lost';
  }

  /** Until the client leaves, the session ends, the caller may not listen any more, or the gateways are others. */
  private keepOpen(stream: SessionStream, exchange: McpHttpRequest): Promise<void> {
    return this.openStreams.keepOpen(exchange, stream.signal, (caller) => {
      if (!caller) stream.close('caller_refused');
      else if (Date.now() / 1000 >= stream.session.endsAt) stream.close('session_over');
      else if (!stream.applyUpdate(caller.server)) stream.close('gateways_changed');
    });
  }
}
