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

/** What a session is opened from: a decoded request. */
interface SessionOpening {
  readonly headers: RequestHeaders;
  readonly caller: Caller;
  readonly era: EraRules;
  readonly version: string;
  readonly message: RpcMessage;
}

/** Tokens that were opened lately. */
const MAX_OPENED = 4_000;

/** What a token was found to hold, and for whom. */
interface OpenedToken {
  readonly claims: SessionClaims;
  readonly serverId: string;
  readonly callerId: string;
}

/**
 * Opens what a legacy client carries instead of a session kept here. What was opened lately is remembered: opening costs
 * more than all else that is done for a call, and any replica can do it anew.
 */
export class Sessions {
  private readonly opened = new LRUCache<string, OpenedToken>({ max: MAX_OPENED });

  constructor(private readonly sealer: Sealer) {}

  /** @throws LetheError `session_unknown`, which makes a client start anew */
  open(request: SessionOpening): Session {
    const { headers, caller, era, version } = request;
    const token = era.era === 'legacy' && !isInitialize(request) ? headers.get('mcp-session-id') : undefined;
    if (token !== undefined) return this.continue(token, caller, version);
    return new Session(version, undefined, boundTo(caller, ''));
  }

  /** @throws LetheError `session_unknown` */
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

/** The token itself is not kept. */
function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}

function boundTo(caller: Caller, token: string): string[] {
  return [caller.server.id, caller.id, token];
}

function isInitialize({ message }: SessionOpening): boolean {
  return message.kind === 'request' && message.method === 'initialize';
}
