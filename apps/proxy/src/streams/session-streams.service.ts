import { encodeError } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Caller } from '../callers/caller.js';
import type { Exchange } from '../exchange/exchange.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import type { GatewayRoute } from '../routes/gateway-route.js';
import type { Session } from '../sessions/session.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { Visits } from '../sessions/visits.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import { questionsTo } from './questions.js';
import type { ResumedCalls } from './resumed-calls.js';
import type { SealedIds } from './sealed-ids.js';
import { type SessionPlace, SessionStream } from './session-stream.js';
import { UpstreamListener } from './upstream-listener.js';

/** How long the head of a stream waits for the upstreams' own, so that a lost session is told as such. */
const HEADS_WAIT_MS = 500;
/** How often it is asked whether the caller may still listen. */
const RECHECK_MS = 15_000;

/** What streams need of the rest of the proxy. */
export interface StreamWorld {
  /** @throws LetheError when the caller is not, or no longer, one of the virtual server's */
  identify(exchange: Exchange): Promise<Caller>;
  /** Returns how to stop watching. */
  watch(slug: string, onChange: () => void): () => void;
}

/** GET streams: of a session, or of one call that a client takes up again. Each replica knows those that it holds open. */
export class SessionStreamsService {
  private readonly closing = new AbortController();

  constructor(
    private readonly sessions: SessionsService,
    private readonly pools: UpstreamPools,
    private readonly visits: Visits,
    private readonly sealed: SealedIds,
    private readonly resumed: ResumedCalls,
    private readonly world: StreamWorld,
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
    if (place?.of === 'call') return this.resumed.resume(exchange, caller, session, place, this.closing.signal);
    return this.listen(exchange, caller, session, place);
  }

  /** Ends every open stream: clients take them up again at another replica. */
  close(): void {
    this.closing.abort();
  }

  private async listen(exchange: Exchange, caller: Caller, session: Session, place?: SessionPlace): Promise<void> {
    const { reply } = exchange;
    const leave = new AbortController();
    const signal = AbortSignal.any([leave.signal, reply.disconnected, this.closing.signal]);
    const stream = new SessionStream(reply, session, this.sealed, caller.server, place);
    try {
      await this.openAll(exchange, caller, session, stream, place, signal, leave);
      stream.begin();
      await this.hold(exchange, session, stream, signal, leave);
    } finally {
      leave.abort();
    }
    reply.end();
  }

  /** @throws LetheError `session_unknown` when an upstream says so at once; later, it ends the stream */
  private async openAll(
    exchange: Exchange,
    caller: Caller,
    session: Session,
    stream: SessionStream,
    place: SessionPlace | undefined,
    signal: AbortSignal,
    leave: AbortController,
  ): Promise<void> {
    let isLost = false;
    const heads = caller.server.gateways.map((gateway) => {
      const listener = this.listenerFor(exchange, caller, session, gateway, stream, place);
      if (!listener) return Promise.resolve();
      return new Promise<void>((resolve) => {
        void listener.run(signal, resolve).then((lost) => {
          isLost ||= lost;
          if (lost) leave.abort();
          resolve();
        });
      });
    });
    await within(HEADS_WAIT_MS, Promise.all(heads));
    if (isLost) throw new LetheError('session_unknown');
  }

  /** Undefined for a gateway without a session here, or whose credential did not come. */
  private listenerFor(
    exchange: Exchange,
    caller: Caller,
    session: Session,
    gateway: GatewayRoute,
    stream: SessionStream,
    place: SessionPlace | undefined,
  ): UpstreamListener | undefined {
    if (!session.continues(gateway) || gateway.closed) return undefined;
    const upstream = session.with(gateway);
    if (!upstream) throw new LetheError('session_unknown');
    const lent = lend(exchange, caller, gateway);
    if (!lent) return undefined;
    const { slug } = gateway;
    return new UpstreamListener({
      lent,
      upstream,
      dispatcher: this.pools.of(gateway.target),
      questions: questionsTo(session, this.sealed, slug, undefined),
      after: place?.ids[slug],
      hear: (heard, eventId) => stream.hear(slug, heard, eventId),
      onDrain: (resume) => stream.onDrain(resume),
      refuse: (id) => {
        const body = encodeError(id, { code: -32601, message: 'Method not found' });
        void this.visits.tell(lent, upstream, Buffer.from(body)).catch(() => undefined);
      },
    });
  }

  /** Until somebody leaves, the session ends, the caller may no longer listen, or the gateways are others. */
  private async hold(
    exchange: Exchange,
    session: Session,
    stream: SessionStream,
    signal: AbortSignal,
    leave: AbortController,
  ): Promise<void> {
    const check = async (isChanged: boolean): Promise<void> => {
      const caller = await this.world.identify(exchange).catch(() => undefined);
      if (signal.aborted) return;
      if (!caller || Date.now() / 1000 > session.endsAt) return leave.abort();
      if (isChanged && !stream.follow(caller)) leave.abort();
    };
    const unwatch = this.world.watch(exchange.slug, () => void check(true));
    const timer = setInterval(() => void check(false), RECHECK_MS);
    // What changed while the stream was being opened.
    await check(true);
    await aborted(signal);
    clearInterval(timer);
    unwatch();
  }
}

/** Undefined when a required credential is missing; what is wrong with a sent one is told. */
function lend(exchange: Exchange, caller: Caller, gateway: GatewayRoute): Lent | undefined {
  try {
    return Lent.fromHeaders(exchange.headers, Grant.forGateway(caller, gateway));
  } catch (error) {
    if (error instanceof LetheError && error.code === 'credential_required') return undefined;
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise((resolve) => (timer = setTimeout(resolve, limitMs)));
  await Promise.race([work, limit]);
  clearTimeout(timer);
}
