import {
  CLIENT_REGISTRATIONS,
  type ClientRegistration,
  type Era,
  type ProbedAuthorization,
  type ProbedAuthorizationServer,
  type ProbedChallenge,
  type ProbedEra,
  type ProbeReport,
} from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

const OUTCOMES = ['open', 'credential_required', 'redirected', 'not_mcp', 'unreachable'];

class ProbedEraView implements ProbedEra {
  @ApiProperty({ enum: ['legacy', 'modern'] }) era!: Era;
  @ApiProperty({ type: [String] }) protocolVersions!: string[];
  @ApiPropertyOptional({ description: 'Whether it keeps sessions' }) sessionful?: boolean;
}

class ChallengeView implements ProbedChallenge {
  @ApiProperty({ type: [String], description: 'Registered authentication schemes' }) schemes!: string[];
  @ApiPropertyOptional() realm?: string;
  @ApiPropertyOptional() scope?: string;
  @ApiPropertyOptional() resourceMetadata?: string;
}

class TlsView {
  @ApiProperty() protocol!: string;
  @ApiProperty({ description: "Common name of the certificate's issuer" }) issuer!: string;
  @ApiProperty({ format: 'date-time' }) expiresAt!: string;
}

class AuthorizationServerView implements ProbedAuthorizationServer {
  @ApiProperty() issuer!: string;
  @ApiProperty({ description: 'Its document was read, and names exactly this issuer' }) isConfirmed!: boolean;
  @ApiPropertyOptional({
    enum: CLIENT_REGISTRATIONS,
    isArray: true,
    description: 'How a client becomes known there without help',
  })
  registration?: ClientRegistration[];
  @ApiPropertyOptional({ enum: [true], description: 'It has the device flow (RFC 8628)' }) device?: true;
  @ApiPropertyOptional({ enum: [true], description: 'It binds tokens to a key (RFC 9449)' }) dpop?: true;
  @ApiPropertyOptional() authorizationEndpoint?: string;
  @ApiPropertyOptional() tokenEndpoint?: string;
  @ApiPropertyOptional() registrationEndpoint?: string;
  @ApiPropertyOptional({ type: [String] }) pkce?: string[];
  @ApiPropertyOptional({ type: [String] }) grantTypes?: string[];
  @ApiPropertyOptional({ type: [String] }) scopes?: string[];
}

class AuthorizationView implements ProbedAuthorization {
  @ApiPropertyOptional({ description: 'Where its protected resource metadata (RFC 9728) is' })
  resourceMetadata?: string;
  @ApiPropertyOptional() resource?: string;
  @ApiPropertyOptional({ type: [String] }) scopes?: string[];
  @ApiProperty({ type: [AuthorizationServerView] }) servers!: ProbedAuthorizationServer[];
}

/** What answers at a URL without a credential. Texts of the upstream are cut and cleaned. */
export class ProbeView implements ProbeReport {
  @ApiProperty() url!: string;
  @ApiProperty({ enum: OUTCOMES }) outcome!: ProbeReport['outcome'];
  @ApiPropertyOptional({ description: 'Why it is unreachable' }) why?: string;
  @ApiPropertyOptional() httpStatus?: number;
  @ApiProperty({ type: [ProbedEraView] }) eras!: ProbedEra[];
  @ApiPropertyOptional({ enum: ['streamable-http', 'sse'] }) transport?: 'streamable-http' | 'sse';
  @ApiPropertyOptional() serverName?: string;
  @ApiPropertyOptional({ type: ChallengeView }) challenge?: ProbedChallenge;
  @ApiPropertyOptional({ type: TlsView }) tls?: TlsView;
  @ApiPropertyOptional({ description: 'Redirects are not followed' }) redirectsTo?: string;
  @ApiPropertyOptional({ description: 'The URL to register instead, if that is certainly the same server' })
  registerUrl?: string;
  @ApiPropertyOptional({ type: AuthorizationView }) authorization?: ProbedAuthorization;
  @ApiProperty() requests!: number;
  @ApiProperty() durationMs!: number;
}
