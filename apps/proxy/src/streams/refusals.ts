import { encodeMethodNotFound, type RpcId } from '@lethe/mcp';
import { ConcurrencyLimit } from '@lethe/platform';
import type { Lent } from '../passthrough/lent.js';
import type { UpstreamSession } from '../sessions/upstream-session.js';
import type { Visits } from '../sessions/visits.js';

/** Refusals on their way at once for one exchange: an upstream may ask as often as it likes. */
const REFUSALS_AT_ONCE = 8;

/** Answers in the client's place what it was not offered to be asked. */
export class Refusals {
  private readonly underWay = new ConcurrencyLimit(REFUSALS_AT_ONCE);

  constructor(private readonly visits: Visits) {}

  give(lent: Lent, upstream: UpstreamSession, id: RpcId): void {
    const body = Buffer.from(encodeMethodNotFound(id));
    this.underWay.begin(lent, () => this.visits.tell(lent, upstream, body));
  }
}
