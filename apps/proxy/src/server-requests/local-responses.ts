import { ConcurrencyLimit } from '@lethe/platform';
import type { UpstreamCredentials } from '../credentials/upstream-credentials.js';
import { LOCAL_RESPONSES_AT_ONCE } from '../protocol/local-response.js';
import type { UpstreamSession } from '../protocol/era-rules.js';
import { sessionHeaders } from '../protocol/legacy.era.js';
import type { UpstreamSessions } from '../upstream/upstream-sessions.js';

/** Answers requests of upstreams that do not reach the client. */
export class LocalResponses {
  private readonly limit = new ConcurrencyLimit(LOCAL_RESPONSES_AT_ONCE);

  constructor(private readonly upstreamSessions: UpstreamSessions) {}

  /** Sends a response in the background, within the session in which the upstream sent the request. */
  send(credentials: UpstreamCredentials, session: UpstreamSession, response: Buffer): void {
    this.limit.begin(credentials, () => this.upstreamSessions.post(credentials, sessionHeaders(session), response));
  }
}
