import { LetheError } from '@lethe/platform';
import type { Caller } from '../../auth/caller.js';
import type { IdentifiedRequest, McpRequest } from '../../request/mcp-request.js';
import type { StreamEnd, StreamLog } from '../../telemetry/stream-log.js';
import type { Sessions } from '../../sessions/sessions.service.js';
import type { CallResumption } from './call-resumption.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import { SessionStream } from './session-stream.js';
import type { UpstreamStreams } from './upstream-streams.js';

/** How often it is asked whether the caller may still listen. */
const RECHECK_MS = 15_000;

/** What streams need to know while they are open. */
export interface OpenStreamContext {
  /** @throws LetheError when the caller is not, or no longer, one of the virtual server's */
  identify(request: McpRequest): Promise<Caller>;
  /** Calls back after each change of a virtual server until the result is called. */
  onChange(slug: string, changed: () => void): () => void;
}

/** GET streams: of a session, or of one call that a client takes up again. Each replica knows those that it holds open. */
export class SessionStreams {
  private readonly closing = new AbortController();

  constructor(
    private readonly sessions: Sessions,
    private readonly sealed: SealedIds,
    private readonly upstreamStreams: UpstreamStreams,
    private readonly resumption: CallResumption,
    private readonly world: OpenStreamContext,
    private readonly streamLog: StreamLog,
  ) {}

  /**
   * Serves one stream to its end.
   * @throws LetheError `method_not_allowed` outside a session, `session_unknown`, `header_illegal`; ClientGone
   */
  async serve(request: IdentifiedRequest): Promise<void> {
    const { caller, headers } = request;
    if (this.closing.signal.aborted) throw new LetheError('not_ready');
    const token = headers.get('mcp-session-id');
    if (token === undefined) throw new LetheError('method_not_allowed');
    const session = this.sessions.continue(token, caller, '');
    const lastEventId = headers.get('last-event-id');
    const resumptionPoint =
      lastEventId === undefined ? undefined : this.sealed.openResumptionPoint(session, lastEventId);
    if (lastEventId !== undefined && !resumptionPoint) {
      throw new LetheError('header_illegal', { header: 'last-event-id', rule: 'unknown' });
    }
    const options = { request, session, closing: this.closing.signal };
    if (resumptionPoint?.of === 'call') {
      return this.streamLog.follow('resumed_call', caller, () => this.resumption.resume(options, resumptionPoint));
    }
    const stream = new SessionStream(options, this.sealed, resumptionPoint);
    await this.streamLog.follow('session', caller, () => this.serveOpened(stream, request));
  }

  private async serveOpened(stream: SessionStream, request: McpRequest): Promise<StreamEnd> {
    try {
      await this.upstreamStreams.open(stream);
      stream.start();
      await this.keepOpen(stream, request);
    } finally {
      stream.close('session_lost');
    }
    request.response.end();
    return stream.end ?? 'session_lost';
  }

  /** Ends every open stream: clients take them up again at another replica. */
  close(): void {
    this.closing.abort();
  }

  /** Until somebody leaves, the session ends, the caller may no longer listen, or the gateways are others. */
  private async keepOpen(stream: SessionStream, request: McpRequest): Promise<void> {
    const check = async (): Promise<void> => {
      const caller = await this.world.identify(request).catch(() => undefined);
      if (stream.signal.aborted) return;
      if (!caller) stream.close('caller_refused');
      else if (Date.now() / 1000 >= stream.session.endsAt) stream.close('session_over');
      else if (!stream.applyUpdate(caller.server)) stream.close('gateways_changed');
    };
    const stopWatching = this.world.onChange(request.slug, () => void check());
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
