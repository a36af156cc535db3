import { MAX_SESSIONFUL_GATEWAYS } from '@lethe/contracts';
import type { RpcId } from '@lethe/mcp';
import { LetheError, mapConcurrent } from '@lethe/platform';
import type { Caller } from '../auth/authenticator.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { Gateway } from '../routes/table/gateway.js';
import type { Session } from '../sessions/sessions.js';
import type { UpstreamSession } from '../protocol/era-rules.js';
import { sessionHeaders } from '../protocol/legacy.era.js';
import type { UpstreamSessions } from './upstream-sessions.js';

type Act = (credentials: UpstreamCredentials, upstream: UpstreamSession) => Promise<void>;

/** Sends a client's message to all upstreams of its session at once, to each with its own credentials. */
export class SessionBroadcast {
  constructor(private readonly upstreamSessions: UpstreamSessions) {}

  /** Ends the session with every upstream that can be reached. */
  async end(headers: RequestHeaders, caller: Caller, session: Session): Promise<void> {
    const act: Act = (credentials, upstream) => this.upstreamSessions.end(credentials, upstream);
    await this.toEach(headers, caller, session, act);
  }

  /**
   * Relays a notification to all upstreams. A request id in it is the client's own, so at most one upstream knows it. An
   * upstream that has forgotten its session is not noticed: the client has its response already.
   */
  async notify(headers: RequestHeaders, caller: Caller, session: Session, bytes: Buffer): Promise<void> {
    const act: Act = async (credentials, upstream) => {
      await this.upstreamSessions.post(credentials, sessionHeaders(upstream), bytes);
    };
    await this.toEach(headers, caller, session, act);
  }

  /**
   * Asks every upstream of the session whether it still knows its part. One that can't be asked (it is unreachable, closed, or
   * its credential was not sent) is not known to have forgotten it.
   * @throws LetheError `session_unknown` when one of them has, or when a gateway's configuration changed since
   */
  async ping(headers: RequestHeaders, caller: Caller, session: Session): Promise<void> {
    const { gateways } = caller.server;
    const outdated = gateways.find((gateway) => session.upstreamSession(gateway) === null);
    if (outdated) throw sessionUnknown(outdated);
    const act: Act = async (credentials, upstream) => {
      if (!(await this.upstreamSessions.knows(credentials, upstream))) throw sessionUnknown(credentials.access.gateway);
    };
    assertNoneLost(await this.toEach(headers, caller, session, act));
  }

  /**
   * Sends a request to every upstream that supports it.
   * @throws LetheError `session_unknown` when one of them has forgotten its session
   */
  async request(
    headers: RequestHeaders,
    caller: Caller,
    session: Session,
    { id, body }: { id: RpcId; body: Buffer },
    supports: (gateway: Gateway) => boolean,
  ): Promise<void> {
    const act: Act = (credentials, upstream) => this.upstreamSessions.deliver(credentials, upstream, body, id);
    assertNoneLost(await this.toEach(headers, caller, session, act, supports));
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
    const outcomes = await mapConcurrent(MAX_SESSIONFUL_GATEWAYS, gateways, async (gateway) => {
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

/** @throws LetheError `session_unknown` when an upstream has forgotten its session */
function assertNoneLost(failures: readonly Error[]): void {
  const lost = failures.find((failure) => failure instanceof LetheError && failure.code === 'session_unknown');
  if (lost) throw lost;
}

function sessionUnknown({ slug }: Gateway): LetheError {
  return new LetheError('session_unknown', { gateway: slug });
}
