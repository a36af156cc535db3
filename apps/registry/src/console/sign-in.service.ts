import { Settings } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { OidcAdmins } from '../admins/oidc-admins.service.js';
import type { SignInView } from './sign-in.view.js';

/** How administrators sign in at the console. */
@Injectable()
export class SignIn {
  constructor(
    private readonly admins: OidcAdmins,
    @Inject(Settings) private readonly settings: Settings,
  ) {}

  async describe(now: Date): Promise<SignInView> {
    const { adminOidcIssuer: issuer, consoleOidcClientId: clientId, consoleOidcScope: scope } = this.settings;
    if (issuer === undefined || clientId === undefined) return { oidc: null };
    const found = await this.admins.metadata(now);
    return {
      oidc: {
        issuer,
        clientId,
        scope,
        authorizationEndpoint: found?.endpoints?.authorization ?? null,
        tokenEndpoint: found?.endpoints?.token ?? null,
        namesIssuer: found?.namesItself ?? false,
        idTokenAlgorithms: found?.idTokenAlgorithms ?? [],
      },
    };
  }
}
