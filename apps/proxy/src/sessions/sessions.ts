import { hash } from 'node:crypto';
import type { RpcId, RpcMessage } from '@lethe/mcp';
import { LetheError, nowSeconds } from '@lethe/platform';
import type { Sealer } from '@lethe/sealing';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../auth/authenticator.js';
import type { RequestHeaders } from '../http/request/request-headers.js';
import type { EraRules, UpstreamSession } from '../protocol/era-rules.js';
import type { EndedSessions } from './ended-sessions.js';
import { openSession, type SessionClaims, type SessionPart } from './session-token.js';
import type { JsonObject, JsonValue } from '@lethe/contracts';
import type { Gateway, GatewayEra } from '../routes/table/gateway.js';
import type { VirtualServer } from '../routes/table/virtual-server.js';

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

  constructor(
    private readonly sealer: Sealer,
    private readonly ended: EndedSessions,
  ) {
    ended.onEnd((digest) => this.opened.delete(digest));
  }

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
    const digest = token === undefined ? '' : digestOf(token);
    const claims = token === undefined ? undefined : this.claimsOf(token, digest, caller);
    if (!claims) throw new LetheError('session_unknown');
    return new Session(version, claims, boundTo(caller, token ?? ''), digest, caller.server);
  }

  /** From now on the token of this session is unknown here, and soon at the other replicas. */
  end(session: Session): Promise<void> {
    return this.ended.end(session.digest);
  }

  /** Calls the listener when a client ends this session at any replica. Returns a function that stops that. */
  onEnd(session: Session, listener: () => void): () => void {
    return this.ended.onEnd((digest) => digest === session.digest && listener());
  }

  private claimsOf(token: string, digest: string, caller: Caller): SessionClaims | undefined {
    const now = nowSeconds();
    const known = this.opened.get(digest);
    const isOurs = known?.callerId === caller.id && known.serverId === caller.server.id;
    if (known && isOurs) return known.claims.exp > now ? known.claims : undefined;
    if (this.ended.has(digest)) return undefined;
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

/** The session of one request: in the legacy era what its token says, in the modern era nothing. */
export class Session {
  constructor(
    /** Protocol version that the client speaks. */
    private readonly version: string,
    private readonly claims: SessionClaims | undefined,
    /** Virtual server, caller and token. */
    private readonly bound: readonly string[],
    /** Digest of the token; empty if there is none. */
    readonly digest = '',
    private readonly server?: Pick<VirtualServer, 'usesKept'>,
  ) {}

  /** Names one call of a legacy session, on any replica; undefined outside a session. A token belongs to one caller. */
  callKey(id: RpcId): string | undefined {
    return this.digest === '' ? undefined : `${this.digest}${typeof id === 'number' ? '#' : ':'}${id}`;
  }

  /** Names the progress of one call of a legacy session at a gateway; undefined outside a session, and without a token. */
  progressKey(gateway: string, token: JsonValue | undefined): string | undefined {
    return this.digest === '' || token === undefined ? undefined : JSON.stringify([this.digest, gateway, token]);
  }

  /** What ids sealed for this session are bound to. */
  get binding(): string {
    return JSON.stringify(this.bound);
  }

  /**
   * Whether the token has a session with this gateway: a 404 of the upstream then means that the client's session is
   * lost.
   */
  continues(gateway: Gateway): boolean {
    return this.known(gateway) !== undefined;
  }

  /** Slugs of the gateways with a session in the token. */
  get slugs(): string[] {
    return Object.keys(this.claims?.upstream ?? {});
  }

  get client(): Pick<SessionClaims, 'clientInfo'> | undefined {
    return this.claims;
  }

  /** Protocol version agreed with the client. */
  get clientVersion(): string {
    return this.claims?.protocolVersion ?? this.version;
  }

  /** The client capabilities that upstreams may use, as the client declared them. */
  get clientCapabilities(): JsonObject {
    return this.claims?.clientCapabilities ?? {};
  }

  offers(capability: string | undefined): boolean {
    return capability !== undefined && this.clientCapabilities[capability] !== undefined;
  }

  /** When the token expires, in epoch seconds. */
  get endsAt(): number {
    return this.claims?.exp ?? Infinity;
  }

  /**
   * How to address a gateway: in the session of the token, or without one. Undefined when the gateway needs a session
   * and the token has none: one is opened for this call alone. Null when the gateway's configuration changed since the
   * session began, or it was opened by a kept credential that the caller has no more.
   * @param served the era in which the gateway is called
   */
  upstreamSession(gateway: Gateway, served = gateway.servedIn.legacy): UpstreamSession | undefined | null {
    const known = this.known(gateway);
    if (known) return this.isCurrent(known, gateway) ? { id: known[0], version: known[1] } : null;
    if (served.isSessionful) return undefined;
    return { id: undefined, version: this.versionFor(served) };
  }

  /** The older of the client's and the upstream's version; versions are dates. */
  versionFor({ protocolVersion }: GatewayEra): string {
    const own = this.clientVersion;
    return own < protocolVersion ? own : protocolVersion;
  }

  /** An upstream may take whoever opened a session for whoever calls in it. */
  private isCurrent([, , configRevision, isKept]: SessionPart, gateway: Gateway): boolean {
    return (
      configRevision === gateway.configRevision && (isKept === undefined || this.server?.usesKept(gateway) === true)
    );
  }

  /** Own properties only: `constructor` is a valid slug. */
  private known({ slug }: Gateway): SessionPart | undefined {
    const upstream = this.claims?.upstream ?? {};
    return Object.hasOwn(upstream, slug) ? upstream[slug] : undefined;
  }
}
