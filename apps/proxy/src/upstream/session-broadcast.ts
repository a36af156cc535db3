import { LetheError, mapConcurrent } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { Session } from '../sessions/sessions.js';
import type { UpstreamSession } from '../protocol/era-rules.js';
import type { UpstreamSessions } from './upstream-sessions.js';

const AT_ONCE = 8;

type Act = (credentials: UpstreamCredentials, upstream: UpstreamSession) => Promise<void>;

/** Sends a client's message to all upstreams of its session, to each with its own credentials. */
export class SessionBroadcast {
  constructor(private readonly upstreamSessions: UpstreamSessions) {}

  /** Ends the session with every upstream that can be reached. */
  async end(headers: RequestHeaders, caller: Caller, session: Session): Promise<void> {
    const act: Act = (credentials, upstream) => this.upstreamSessions.end(credentials, upstream);
    await this.toEach(headers, caller, session, act);
  }

  /**
   * Relays a notification to all upstreams. A request id in it is the client's own, so at most one upstream knows it.
   */
  async notify(headers: RequestHeaders, caller: Caller, session: Session, bytes: Buffer): Promise<void> {
    const act: Act = (credentials, upstream) => this.upstreamSessions.deliver(credentials, upstream, bytes);
    await this.toEach(headers, caller, session, act);
  }

  /**
   * Sends a request to every upstream that supports it.
   * @throws LetheError `session_unknown` when one of them has forgotten its session
   */
  async request(
    headers: RequestHeaders,
    caller: Caller,
    session: Session,
    bytes: Buffer,
    supports: (gateway: Gateway) => boolean,
  ): Promise<void> {
    const act: Act = (credentials, upstream) => this.upstreamSessions.deliver(credentials, upstream, bytes);
    const failures = await this.toEach(headers, caller, session, act, supports);
    const lost = failures.find((failure) => failure instanceof LetheError && failure.code === 'session_unknown');
    if (lost) throw lost;
  }

  /** Returns the errors of the upstreams that failed; a failure of one does not affect the others. */
  private async toEach(
    headers: RequestHeaders,
    caller: Caller,
    session: Session,
    act: Act,
    isWanted: (gateway: Gateway) => boolean = () => true,
  ): Promise<Error[]> {
    const slugs = new Set(session.slugs);
    const gateways = caller.server.gateways.filter((gateway) => slugs.has(gateway.slug) && isWanted(gateway));
    const outcomes = await mapConcurrent(AT_ONCE, gateways, async (gateway) => {
      const upstream = session.upstreamSession(gateway);
      if (!upstream) return undefined;
      try {
        await act(UpstreamCredentials.forGateway(headers, caller, gateway, 'legacy'), upstream);
        return undefined;
      } catch (error) {
        if (error instanceof Error) return error;
        throw error;
      }
    });
    return outcomes.filter((outcome) => outcome !== undefined);
  }
}
