import { encodeResult, type RpcId } from '@lethe/mcp';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import type { UpstreamSession } from '../protocol/upstream-session.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';
import type { ServerRequestRejections } from './refusals.js';
import { ConcurrencyLimit } from '../upstream/at-most.js';

/** Answers to pings on their way at once for one exchange: an upstream may ask as often as it likes. */
const PONGS_AT_ONCE = 8;

/** Answers what an upstream asks in a session that is Lethe's own: pings, and a refusal of everything else. */
export class LocalResponses {
  private readonly underWay = new ConcurrencyLimit(PONGS_AT_ONCE);

  constructor(
    private readonly upstreamSessions: UpstreamSessions,
    private readonly rejections: ServerRequestRejections,
  ) {}

  give(credentials: UpstreamCredentials, session: UpstreamSession, id: RpcId, method: string): void {
    if (method !== 'ping') return this.rejections.give(credentials, session, id);
    const body = Buffer.from(encodeResult(id, '{}'));
    this.underWay.begin(credentials, () => this.upstreamSessions.tell(credentials, session, body));
  }
}
