import { ADMIN_TOKEN_PREFIX, CALLER_KEY_PREFIX } from '@lethe/contracts';
import { bearerProblem } from '@lethe/mcp';
import { Injectable } from '@nestjs/common';
import type { AdminIdentity } from './admin-identity.js';
import type { AdminProblem } from './admin-refusal.js';
import { AdminTokens } from './admin-tokens.service.js';
import { OidcAdmins, type OidcIdentity } from './oidc-admins.service.js';

/** Knows administrators by what they send: a token of Lethe, or one of the issuer's. */
@Injectable()
export class AdminIdentities {
  constructor(
    private readonly tokens: AdminTokens,
    private readonly issued: OidcAdmins,
  ) {}

  get acceptsTokensOfIssuer(): boolean {
    return this.issued.isOn;
  }

  async identify(
    token: string | undefined,
    authorization: string | undefined,
    now: Date,
  ): Promise<AdminIdentity | OidcIdentity | AdminProblem> {
    const problem = bearerProblem(authorization);
    if (problem || token === undefined) return problem?.why ?? 'value_malformed';
    if (token.startsWith(`${ADMIN_TOKEN_PREFIX}_`)) return this.tokens.identify(token, now);
    if (token.startsWith(`${CALLER_KEY_PREFIX}_`)) return 'caller_key';
    return this.issued.isOn ? this.issued.identify(token, now) : 'not_an_administrator_token';
  }
}
