import { LetheError } from '@lethe/platform';
import type { IdentifiedRequest } from '../../request/mcp-request.js';
import type { StreamEnd, StreamLog } from '../../telemetry/stream-log.js';
import type { Sessions } from '../../sessions/sessions.js';
import type { OpenStreams } from '../open-streams.js';
import type { CallResumption } from './call-resumption.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import { SessionStream } from './session-stream.js';
import type { UpstreamStreams } from './upstream-streams.js';

/**
 * Serves GET streams: that of a session, or the resumed stream of one call. A replica knows only the streams that it has
 * open itself.
 */
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
   * @throws LetheError `method_not_allowed` outside a session, `session_unknown`, `header_illegal`; ClientDisconnected
   */
  async serve(request: IdentifiedRequest): Promise<void> {
    const { caller, headers } = request;
    const { closing } = this.openStreams;
    if (closing.aborted) throw new LetheError('not_ready');
    const token = headers.get('mcp-session-id');
    if (token === undefined) throw new LetheError('method_not_allowed');
    const session = this.sessions.continue(token, caller, '');
    const lastEventId = headers.get('last-event-id');
    const resumptionPoint =
      lastEventId === undefined ? undefined : this.sealed.openResumptionPoint(session, lastEventId);
    if (lastEventId !== undefined && !resumptionPoint) {
      throw new LetheError('header_illegal', { header: 'last-event-id', rule: 'unknown' });
    }
    const options = { request, session, closing };
    if (resumptionPoint?.of === 'call') {
      return this.streamLog.follow('resumed_call', request, () => this.resumption.resume(options, resumptionPoint));
    }
    const stream = new SessionStream(options, this.sealed, resumptionPoint);
    await this.streamLog.follow('session', request, () => this.serveOpened(stream));
  }

  private async serveOpened(stream: SessionStream): Promise<StreamEnd> {
    const ignoreEnd = this.sessions.onEnd(stream.session, () => stream.close('session_over'));
    try {
      await this.upstreamStreams.open(stream);
      stream.start();
      await this.keepOpen(stream);
    } finally {
      ignoreEnd();
      stream.close('session_lost');
    }
    stream.request.response.end();
    return stream.end ?? 'session_lost';
  }

  /**
   * Resolves when the client disconnects, the session expires, the caller may not listen any more, or the gateways
   * change.
   */
  private keepOpen(stream: SessionStream): Promise<void> {
    return this.openStreams.keepOpen(stream.request, stream.signal, (caller) => {
      if (!caller) stream.close('caller_refused');
      else if (Date.now() / 1000 >= stream.session.endsAt) stream.close('session_over');
      else if (!stream.applyUpdate(caller.server)) stream.close('gateways_changed');
    });
  }
}
