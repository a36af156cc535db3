import type { ServerAccess } from '@lethe/contracts';
import type { GuardedFetch } from '@lethe/egress';
import type { UpstreamPolicy } from '@lethe/mcp';
import { JwtVerifier, type TokenProblem } from '@lethe/sealing';

/** The access setting of a virtual server whose callers send JWTs. */
export type TokenAccess = Extract<ServerAccess, { kind: 'jwt' }>;

/** Verifies callers' JWTs. */
export class TokenVerifier {
  private readonly tokens: JwtVerifier;

  constructor(fetch: GuardedFetch, policy: UpstreamPolicy) {
    this.tokens = new JwtVerifier(fetch, policy);
  }

  /** Issuer and subject, or why the token is not valid. */
  async verify(token: string, access: TokenAccess, now: Date): Promise<{ iss: string; sub: string } | TokenProblem> {
    const claims = await this.tokens.verify(token, access, now);
    return typeof claims === 'string' ? claims : { iss: access.issuer, sub: claims.sub };
  }
}
