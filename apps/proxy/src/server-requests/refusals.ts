import { encodeError, type RpcId } from '@lethe/mcp';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { UpstreamSession } from '../protocol/upstream-session.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';
import { ConcurrencyLimit } from '../upstream/at-most.js';

/** Refusals on their way at once for one exchange: an upstream may ask as often as it likes. */
const REFUSALS_AT_ONCE = 8;

/** Answers in the client's place what it was not offered to be asked. */
export class ServerRequestRejections {
  private readonly underWay = new ConcurrencyLimit(REFUSALS_AT_ONCE);

  constructor(private readonly upstreamSessions: UpstreamSessions) {}

  give(credentials: UpstreamCredentials, upstream: UpstreamSession, id: RpcId): void {
    const body = Buffer.from(encodeError(id, { code: -32601, message: 'Method not found' }));
    this.underWay.begin(credentials, () => this.upstreamSessions.tell(credentials, upstream, body));
  }
}
