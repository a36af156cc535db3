import { LetheError, waitAtMost } from '@lethe/platform';
import type { SessionNews } from '../listening/session-news.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import type { GatewayRoute } from '../routes/gateway-route.js';
import type { UpstreamPools } from '../upstreams/upstream-pools.js';
import { questionsTo } from './questions.js';
import type { Refusals } from './refusals.js';
import type { SealedIds } from './sealed-ids.js';
import type { SessionStream } from './session-stream.js';
import { UpstreamListener } from './upstream-listener.js';

/** How long a stream's head waits for the upstreams' own, so that a lost session is told as such. */
const HEADS_WAIT_MS = 500;

/** Listens to every upstream of a session on behalf of one open stream. */
export class UpstreamListeners {
  constructor(
    private readonly pools: UpstreamPools,
    private readonly sealed: SealedIds,
    private readonly refusals: Refusals,
    private readonly modern: SessionNews,
  ) {}

  /**
   * Resolves when every upstream has answered, or the time is up; they are listened to for as long as the stream is open.
   * @throws LetheError `session_unknown` when an upstream says so at once; later, it ends the stream
   */
  async open(stream: SessionStream): Promise<void> {
    let isLost = false;
    const listeners = stream.server.gateways.flatMap((gateway) => this.listenerFor(stream, gateway) ?? []);
    const answered = listeners.map(
      (listener) =>
        new Promise<void>((resolve) => {
          void listener.run(stream.signal, resolve).then((hasForgotten) => {
            isLost ||= hasForgotten;
            if (hasForgotten) stream.leave('session_lost');
            resolve();
          });
        }),
    );
    this.modern.open(stream);
    await waitAtMost(HEADS_WAIT_MS, Promise.all(answered));
    if (isLost) throw new LetheError('session_unknown');
  }

  /**
   * Undefined for a gateway without a session here, or whose credential did not come.
   * @throws LetheError `session_unknown` when its configuration changed under the session; `credential_malformed`
   */
  private listenerFor(stream: SessionStream, gateway: GatewayRoute): UpstreamListener | undefined {
    const { session } = stream;
    if (!session.continues(gateway) || gateway.closed) return undefined;
    const upstream = session.with(gateway);
    if (!upstream) throw new LetheError('session_unknown');
    const lent = lend(stream, gateway);
    if (!lent) return undefined;
    const { slug } = gateway;
    return new UpstreamListener({
      lent,
      upstream,
      dispatcher: this.pools.of(gateway.target),
      questions: questionsTo(session, this.sealed, lent.grant, undefined),
      after: stream.lastOf(slug),
      hear: (heard, eventId) => stream.hear(slug, heard, eventId),
      onDrain: (resume) => stream.onDrain(resume),
      refuse: (id) => this.refusals.give(lent, upstream, id),
    });
  }
}

/** Undefined when a required credential is missing; what is wrong with a sent one is told. */
function lend({ exchange, caller }: SessionStream, gateway: GatewayRoute): Lent | undefined {
  try {
    return Lent.fromHeaders(exchange.headers, Grant.forGateway(caller, gateway));
  } catch (error) {
    if (error instanceof LetheError && error.code === 'credential_required') return undefined;
    throw error;
  }
}
