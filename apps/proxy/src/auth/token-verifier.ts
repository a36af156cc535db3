import type { JwtAccess } from '@lethe/contracts';
import type { GuardedFetch } from '@lethe/egress';
import type { UpstreamPolicy } from '@lethe/mcp';
import { JwtVerifier, type TokenProblem } from '@lethe/sealing';
import { tokenRoles } from './token-roles.js';

/** Whom a token is for, and with which roles. */
export interface TokenSubject {
  readonly iss: string;
  readonly sub: string;
  readonly roles: readonly string[];
}

/** Verifies callers' JWTs. */
export class TokenVerifier {
  private readonly tokens: JwtVerifier;

  constructor(fetch: GuardedFetch, policy: UpstreamPolicy) {
    this.tokens = new JwtVerifier(fetch, policy);
  }

  /** Issuer, subject and roles, or why the token is not valid. */
  async verify(token: string, access: JwtAccess, now: Date): Promise<TokenSubject | TokenProblem> {
    const claims = await this.tokens.verify(token, access, now);
    if (typeof claims === 'string') return claims;
    return { iss: access.issuer, sub: claims.sub, roles: access.roles ? tokenRoles(claims, access.roles) : [] };
  }
}
