import type { JsonObject } from '@lethe/contracts';
import type { Gateway } from '../routes/table/gateway.js';
import type { SessionClaims } from './session-token.js';
import type { UpstreamSession } from '../protocol/upstream-session.js';

/** The session of one request: in the legacy era what its token says, in the modern era nothing. */
export class Session {
  constructor(
    /** Protocol version that the client speaks. */
    private readonly version: string,
    private readonly claims: SessionClaims | undefined,
    /** Virtual server, caller and token. */
    private readonly bound: readonly string[],
  ) {}

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
   * session began.
   */
  upstreamSession(gateway: Gateway): UpstreamSession | undefined | null {
    const known = this.known(gateway);
    if (known) return known[2] === gateway.configRevision ? { id: known[0], version: known[1] } : null;
    if (gateway.isSessionful) return undefined;
    return { id: undefined, version: this.versionFor(gateway) };
  }

  /** The older of the client's and the upstream's version; versions are dates. */
  versionFor(gateway: Gateway): string {
    const own = this.clientVersion;
    return own < gateway.protocolVersion ? own : gateway.protocolVersion;
  }

  /** Own properties only: `constructor` is a valid slug. */
  private known({ slug }: Gateway): SessionClaims['upstream'][string] | undefined {
    const upstream = this.claims?.upstream ?? {};
    return Object.hasOwn(upstream, slug) ? upstream[slug] : undefined;
  }
}
