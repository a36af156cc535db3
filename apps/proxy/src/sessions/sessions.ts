import { hash } from 'node:crypto';
import type { RpcMessage } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/caller.js';
import type { RequestHeaders } from '../http/request-headers.js';
import type { EraRules } from '../protocol/era-rules.js';
import { Session } from './session.js';
import { openSession, type SessionClaims } from './session-token.js';

/** The fields of a decoded request that a session is opened from. */
interface SessionOpening {
  readonly headers: RequestHeaders;
  readonly caller: Caller;
  readonly era: EraRules;
  readonly version: string;
  readonly message: RpcMessage;
}

/** How many opened tokens are remembered. */
const MAX_OPENED = 4_000;

/** An opened token, and for whom it was opened. */
interface OpenedToken {
  readonly claims: SessionClaims;
  readonly serverId: string;
  readonly callerId: string;
}

/**
 * Opens session tokens. Recently opened tokens are remembered, because opening one costs more than everything else in a
 * call; any replica can open any token.
 */
export class Sessions {
  private readonly opened = new LRUCache<string, OpenedToken>({ max: MAX_OPENED });

  constructor(private readonly sealer: Sealer) {}

  /**
   * The session of a decoded request.
   * @throws LetheError `session_unknown`, which makes a client initialize again
   */
  open(request: SessionOpening): Session {
    const { headers, caller, era, version } = request;
    const token = era.era === 'legacy' && !isInitialize(request) ? headers.get('mcp-session-id') : undefined;
    if (token !== undefined) return this.continue(token, caller, version);
    return new Session(version, undefined, boundTo(caller, ''));
  }

  /**
   * The session of a token.
   * @throws LetheError `session_unknown`
   */
  continue(token: string | undefined, caller: Caller, version: string): Session {
    const claims = token === undefined ? undefined : this.claimsOf(token, caller);
    if (!claims) throw new LetheError('session_unknown');
    return new Session(version, claims, boundTo(caller, token ?? ''));
  }

  private claimsOf(token: string, caller: Caller): SessionClaims | undefined {
    const now = Math.floor(Date.now() / 1000);
    const digest = digestOf(token);
    const known = this.opened.get(digest);
    const isOurs = known?.callerId === caller.id && known.serverId === caller.server.id;
    if (known && isOurs) return known.claims.exp > now ? known.claims : undefined;
    const claims = openSession(this.sealer, token, caller, now);
    const opened = claims && { claims, serverId: caller.server.id, callerId: caller.id };
    if (opened) this.opened.set(digest, opened, { ttl: (opened.claims.exp - now) * 1000 });
    return claims;
  }
}

/** Only a digest of the token is kept. */
function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}

function boundTo(caller: Caller, token: string): string[] {
  return [caller.server.id, caller.id, token];
}

function isInitialize({ message }: SessionOpening): boolean {
  return message.kind === 'request' && message.method === 'initialize';
}
