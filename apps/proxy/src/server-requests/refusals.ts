import { encodeError, type RpcId } from '@lethe/mcp';
import type { Lent } from '../credentials/upstream-credentials.js';
import type { UpstreamSession } from '../protocol/upstream-session.js';
import type { Visits } from '../upstream/upstream-sessions.js';
import { AtMost } from '../upstream/at-most.js';

/** Refusals on their way at once for one exchange: an upstream may ask as often as it likes. */
const REFUSALS_AT_ONCE = 8;

/** Answers in the client's place what it was not offered to be asked. */
export class Refusals {
  private readonly underWay = new AtMost(REFUSALS_AT_ONCE);

  constructor(private readonly visits: Visits) {}

  give(lent: Lent, upstream: UpstreamSession, id: RpcId): void {
    const body = Buffer.from(encodeError(id, { code: -32601, message: 'Method not found' }));
    this.underWay.begin(lent, () => this.visits.tell(lent, upstream, body));
  }
}
