import { LetheError } from '@lethe/platform';
import type { Caller } from '../callers/caller.js';
import type { HeaderView } from '../exchange/header-view.js';
import { Grant } from '../passthrough/grant.js';
import { Lent } from '../passthrough/lent.js';
import { inGroups } from './in-groups.js';
import type { Session } from './session.js';
import type { UpstreamSession } from './upstream-session.js';
import { headersOf, type Visits } from './visits.js';

const AT_ONCE = 8;

/** What a client says to its session goes to every upstream in it, each with its own credential. */
export class FanOut {
  constructor(private readonly visits: Visits) {}

  /** Ends the session with every upstream that lets itself be reached. */
  async end(headers: HeaderView, caller: Caller, session: Session): Promise<void> {
    await this.toEach(headers, caller, session, (lent, upstream) => this.visits.end(lent, upstream));
  }

  /** Passes a notification on; ids of requests are the client's own, so it means something to one upstream at most. */
  async notify(headers: HeaderView, caller: Caller, session: Session, bytes: Buffer): Promise<void> {
    await this.toEach(headers, caller, session, async (lent, upstream) => {
      await this.visits.post(lent, headersOf(upstream), bytes);
    });
  }

  private async toEach(
    headers: HeaderView,
    caller: Caller,
    session: Session,
    act: (lent: Lent, upstream: UpstreamSession) => Promise<void>,
  ): Promise<void> {
    const slugs = new Set(session.slugs);
    const gateways = caller.server.gateways.filter(({ slug }) => slugs.has(slug));
    await inGroups(AT_ONCE, gateways, async (gateway) => {
      const upstream = session.with(gateway);
      if (!upstream) return;
      try {
        await act(Lent.fromHeaders(headers, Grant.forGateway(caller, gateway)), upstream);
      } catch (error) {
        if (!(error instanceof LetheError) && !(error instanceof Error)) throw error;
      }
    });
  }
}
