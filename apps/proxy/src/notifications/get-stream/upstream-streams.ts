import { LetheError, waitAtMost } from '@lethe/platform';
import type { ModernUpstreams } from './modern-upstreams.js';
import type { Gateway } from '../../routes/table/gateway.js';
import type { ConnectionPools } from '../../upstream/upstream-client.js';
import type { UpstreamSessions } from '../../upstream/upstream-sessions.js';
import { serverRequestPolicy } from '../../server-requests/server-request-policy.js';
import type { NotificationFilters } from '../../server-requests/notification-filters.js';
import type { LocalResponses } from '../../server-requests/local-responses.js';
import type { SealedIds } from '../../server-requests/sealed-ids.js';
import type { SessionStream } from './session-stream.js';
import { UpstreamStream } from './upstream-stream.js';

/**
 * How long a stream's head waits for the upstreams' heads, so that a lost session can still be answered with an error.
 */
const HEADS_WAIT_MS = 500;

/** Opens the streams of all upstreams of a session for one client stream. */
export class UpstreamStreams {
  constructor(
    private readonly pools: ConnectionPools,
    private readonly upstreamSessions: UpstreamSessions,
    private readonly sealed: SealedIds,
    private readonly localResponses: LocalResponses,
    private readonly notifications: NotificationFilters,
    private readonly modern: ModernUpstreams,
  ) {}

  /**
   * Resolves when every upstream has answered or the time is up. The upstreams' streams stay open as long as the
   * client's.
   * @throws LetheError `session_unknown` when an upstream says so in time; later, that ends the stream
   */
  async open(stream: SessionStream): Promise<void> {
    let isLost = false;
    const upstreamStreams = stream.server.gateways.flatMap((gateway) => this.streamFor(stream, gateway) ?? []);
    const responses = upstreamStreams.map(
      (upstreamStream) =>
        new Promise<void>((resolve) => {
          void upstreamStream.run(stream.signal, resolve).then((hasForgotten) => {
            isLost ||= hasForgotten;
            if (hasForgotten) stream.close('session_lost');
            resolve();
          });
        }),
    );
    this.modern.open(stream);
    await waitAtMost(HEADS_WAIT_MS, Promise.all(responses));
    if (isLost) throw new LetheError('session_unknown');
  }

  /**
   * Undefined for a gateway without a session here, or without its required credential.
   * @throws LetheError `session_unknown` when the gateway's configuration changed since the session began;
   * `credential_malformed`
   */
  private streamFor(stream: SessionStream, gateway: Gateway): UpstreamStream | undefined {
    const { session } = stream;
    if (!session.continues(gateway) || gateway.closed) return undefined;
    const upstream = session.upstreamSession(gateway);
    const { slug } = gateway;
    if (!upstream) throw new LetheError('session_unknown', { gateway: slug });
    const credentials = stream.credentialsFor(gateway);
    if (!credentials) return undefined;
    return new UpstreamStream({
      credentials,
      upstream,
      dispatcher: this.pools.of(gateway.target),
      policy: serverRequestPolicy(session, this.sealed, credentials.access, undefined),
      after: stream.lastOf(slug),
      onMessage: (message, eventId) => stream.onMessage(slug, message, eventId),
      onDrain: (resume) => stream.onDrain(resume),
      notifications: (emit) => this.notifications.ofSession(credentials.access, session, () => stream.server, emit),
      answer: (response) => this.localResponses.send(credentials, upstream, response),
      isSessionKnown: () => this.upstreamSessions.knows(credentials, upstream),
    });
  }
}
