import { LetheError, mapConcurrent } from '@lethe/platform';
import type { Caller } from '../callers/caller.js';
import type { HeaderView } from '../exchange/header-view.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import type { GatewayRoute } from '../routes/gateway-route.js';
import type { Session } from './session.js';
import type { UpstreamSession } from './upstream-session.js';
import type { Visits } from './visits.js';

const AT_ONCE = 8;

type Act = (lent: Lent, upstream: UpstreamSession) => Promise<void>;

/** What a client says to its session goes to every upstream in it, each with its own credential. */
export class FanOut {
  constructor(private readonly visits: Visits) {}

  /** Ends the session with every upstream that lets itself be reached. */
  async end(headers: HeaderView, caller: Caller, session: Session): Promise<void> {
    const act: Act = (lent, upstream) => this.visits.end(lent, upstream);
    await this.toEach(headers, caller, session, act);
  }

  /** Passes a notification on; ids of requests are the client's own, so it means something to one upstream at most. */
  async notify(headers: HeaderView, caller: Caller, session: Session, bytes: Buffer): Promise<void> {
    const act: Act = (lent, upstream) => this.visits.tell(lent, upstream, bytes);
    await this.toEach(headers, caller, session, act);
  }

  /**
   * Sends a request that each upstream obeys for itself, to those that understand it.
   * @throws LetheError `session_unknown` when one of them has forgotten its session
   */
  async request(
    headers: HeaderView,
    caller: Caller,
    session: Session,
    bytes: Buffer,
    understands: (gateway: GatewayRoute) => boolean,
  ): Promise<void> {
    const act: Act = (lent, upstream) => this.visits.tell(lent, upstream, bytes);
    const failures = await this.toEach(headers, caller, session, act, understands);
    const lost = failures.find((failure) => failure instanceof LetheError && failure.code === 'session_unknown');
    if (lost) throw lost;
  }

  /** What went wrong with each that failed: one upstream's failure is not the others'. */
  private async toEach(
    headers: HeaderView,
    caller: Caller,
    session: Session,
    act: Act,
    isWanted: (gateway: GatewayRoute) => boolean = () => true,
  ): Promise<Error[]> {
    const slugs = new Set(session.slugs);
    const gateways = caller.server.gateways.filter((gateway) => slugs.has(gateway.slug) && isWanted(gateway));
    const outcomes = await mapConcurrent(AT_ONCE, gateways, async (gateway) => {
      const upstream = session.with(gateway);
      if (!upstream) return undefined;
      try {
        await act(Lent.fromHeaders(headers, Grant.forGateway(caller, gateway)), upstream);
        return undefined;
      } catch (error) {
        if (error instanceof Error) return error;
        throw error;
      }
    });
    return outcomes.filter((outcome) => outcome !== undefined);
  }
}
