import { createHash } from 'node:crypto';
import { JWT_ALGORITHMS } from '@lethe/contracts';
import { guardedAgent, guardedFetch } from '@lethe/egress';
import { portOf } from '@lethe/mcp';
import { type AdminRole, isLoopback, LOGGER, type Logger, roleOf, Settings } from '@lethe/platform';
import { JwtVerifier, type TokenClaims, type TokenProblem } from '@lethe/sealing';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AdminIdentity } from './admin-identity.js';
import { type IssuerMetadata, OidcIssuer } from './oidc-issuer.js';

/** How far the clocks of issuer and registry may differ. */
const CLOCK_TOLERANCE_SECONDS = 30;
/** A key that the issuer has just begun to sign with is known after so long at the latest. */
const COOLDOWN_MS = 2_000;
const MAX_SUBJECT = 200;
const MAX_NAME = 120;

/** An administrator whom the issuer vouches for; without a role, no claim gives one. */
export type OidcIdentity = Omit<AdminIdentity, 'role'> & { role?: AdminRole };

/** Knows administrators by the tokens of an OpenID Connect issuer, if one is set. */
@Injectable()
export class OidcAdmins implements OnModuleDestroy {
  private readonly agent;
  private readonly issuer: OidcIssuer | undefined;
  private readonly tokens: JwtVerifier;

  constructor(
    @Inject(Settings) private readonly settings: Settings,
    @Inject(LOGGER) logger: Logger,
  ) {
    const { adminOidcIssuer: issuer, allowedUpstreams } = settings;
    // Whoever operates the registry has named the issuer, so it may be in a private network.
    const policy = { allowed: [...allowedUpstreams, ...(issuer === undefined ? [] : [hostOf(issuer)])] };
    this.agent = guardedAgent(policy);
    const fetch = guardedFetch(this.agent);
    const options = { cooldownMs: COOLDOWN_MS, clockToleranceSeconds: CLOCK_TOLERANCE_SECONDS };
    this.tokens = new JwtVerifier(fetch, policy, options);
    if (issuer?.startsWith('http:') && !isLoopback(new URL(issuer).hostname))
      logger.warn('LETHE_ADMIN_OIDC_ISSUER: over plain http, others on the way can make anybody an administrator');
    const onFailure = (error: unknown) =>
      logger.warn({ err: error }, "LETHE_ADMIN_OIDC_ISSUER: the issuer's metadata can not be read; it is asked again");
    this.issuer = issuer === undefined ? undefined : new OidcIssuer(issuer, fetch, onFailure);
  }

  get isOn(): boolean {
    return this.issuer !== undefined;
  }

  /** What the issuer says of itself; undefined without an issuer, and as long as it was never reached. */
  async metadata(now: Date): Promise<IssuerMetadata | undefined> {
    return this.issuer?.metadata(now.getTime());
  }

  async onModuleDestroy(): Promise<void> {
    await this.agent.destroy();
  }

  async identify(token: string, now: Date): Promise<OidcIdentity | TokenProblem> {
    const { adminOidcAudience: audience, adminOidcRoles: roles } = this.settings;
    const { jwksUri } = (await this.metadata(now)) ?? {};
    if (!this.issuer || jwksUri === undefined || audience === undefined || !roles) return 'issuer_unreachable';
    const accepted = { issuer: this.issuer.issuer, audience, jwksUri, algorithms: JWT_ALGORITHMS };
    const claims = await this.tokens.verify(token, accepted, now);
    if (typeof claims === 'string') return claims;
    const role = roleOf(roles, claims);
    return {
      kind: 'oidc',
      id: `oidc:${subjectOf(claims.sub)}`,
      name: nameOf(claims),
      expiresAt: new Date(claims.exp * 1_000),
      ...(role !== undefined && { role }),
    };
  }
}

function hostOf(issuer: string): string {
  const url = new URL(issuer);
  return `${url.hostname}:${portOf(url)}`;
}

/** What identifies somebody at the issuer. One that can't be stored as it is has its digest instead. */
function subjectOf(sub: string): string {
  if (sub.length <= MAX_SUBJECT && /^[\x21-\x7e]+$/.test(sub)) return sub;
  return `sha256-${createHash('sha256').update(sub).digest('hex')}`;
}

/** A name for people, as the issuer has it. */
function nameOf(claims: TokenClaims): string {
  const names = [claims['name'], claims['preferred_username'], claims['email'], claims.sub];
  const name = names.find((value) => typeof value === 'string' && value.trim() !== '');
  return String(name)
    .toWellFormed()
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .slice(0, MAX_NAME);
}
