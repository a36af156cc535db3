import { encodeResult, type RpcId } from '@lethe/mcp';
import type { Lent } from '../credentials/upstream-credentials.js';
import type { UpstreamSession } from '../protocol/upstream-session.js';
import type { Visits } from '../upstream/upstream-sessions.js';
import type { Refusals } from './refusals.js';
import { AtMost } from '../upstream/at-most.js';

/** Answers to pings on their way at once for one exchange: an upstream may ask as often as it likes. */
const PONGS_AT_ONCE = 8;

/** Answers what an upstream asks in a session that is Lethe's own: pings, and a refusal of everything else. */
export class InPlaceAnswers {
  private readonly underWay = new AtMost(PONGS_AT_ONCE);

  constructor(
    private readonly visits: Visits,
    private readonly refusals: Refusals,
  ) {}

  give(lent: Lent, session: UpstreamSession, id: RpcId, method: string): void {
    if (method !== 'ping') return this.refusals.give(lent, session, id);
    const body = Buffer.from(encodeResult(id, '{}'));
    this.underWay.begin(lent, () => this.visits.tell(lent, session, body));
  }
}
