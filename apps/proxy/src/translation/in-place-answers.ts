import { encodePong, type RpcId } from '@lethe/mcp';
import { ConcurrencyLimit } from '@lethe/platform';
import type { Lent } from '../passthrough/lent.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import type { Visits } from '../sessions/visits.js';
import type { Refusals } from '../streams/refusals.js';

/** Answers to pings on their way at once for one exchange: an upstream may ask as often as it likes. */
const PONGS_AT_ONCE = 8;

/** Answers what an upstream asks in a session that is Lethe's own: pings, and a refusal of everything else. */
export class InPlaceAnswers {
  private readonly underWay = new ConcurrencyLimit(PONGS_AT_ONCE);

  constructor(
    private readonly visits: Visits,
    private readonly refusals: Refusals,
  ) {}

  give(lent: Lent, session: UpstreamSession, id: RpcId, method: string): void {
    if (method !== 'ping') return this.refusals.give(lent, session, id);
    const body = Buffer.from(encodePong(id));
    this.underWay.begin(lent, () => this.visits.tell(lent, session, body));
  }
}
