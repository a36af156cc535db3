import { ApiProperty } from '@nestjs/swagger';

/** How the console signs administrators in with OpenID Connect: authorization code and PKCE, as a public client. */
export class OidcSignInView {
  @ApiProperty({ description: 'The issuer: LETHE_ADMIN_OIDC_ISSUER' }) issuer!: string;
  @ApiProperty({ description: 'Public client of the issuer: LETHE_CONSOLE_OIDC_CLIENT_ID' }) clientId!: string;
  @ApiProperty({ description: 'Scopes, separated by spaces: LETHE_CONSOLE_OIDC_SCOPE' }) scope!: string;
  @ApiProperty({
    nullable: true,
    type: String,
    description: 'Where the browser is sent; null, like the next one, while the issuer can not be reached',
  })
  authorizationEndpoint!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Where the page exchanges the code' })
  tokenEndpoint!: string | null;
  @ApiProperty({
    description: 'Whether the answer of the issuer names it, so that one without `iss` is refused (RFC 9207)',
  })
  namesIssuer!: boolean;
  @ApiProperty({ type: [String], description: 'Algorithms with which the issuer may sign ID tokens' })
  idTokenAlgorithms!: string[];
}

/** How administrators sign in at the console, besides with a token of Lethe. */
export class SignInView {
  @ApiProperty({
    nullable: true,
    type: OidcSignInView,
    description: 'Null without LETHE_CONSOLE_OIDC_CLIENT_ID',
  })
  oidc!: OidcSignInView | null;
}
