import type { Identity, PublicJwk } from '@lethe/sealing';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { LiveConnector } from './connector-cache.service.js';

class PublicJwkView implements PublicJwk {
  @ApiProperty({ enum: ['OKP'] }) kty!: 'OKP';
  @ApiProperty({ enum: ['Ed25519'] }) crv!: 'Ed25519';
  @ApiProperty() x!: string;
}

class LiveConnectorView implements Omit<LiveConnector, 'kid'> {
  @ApiProperty() id!: string;
  @ApiProperty({ type: 'integer' }) freeSlots!: number;
  @ApiProperty({ type: 'integer' }) lentSlots!: number;
  @ApiProperty({ format: 'date-time' }) seenAt!: string;
}

/** A signing key of connectors, and the connectors that use it now. */
export class ConnectorIdentityView implements Identity {
  @ApiProperty() kid!: string;
  @ApiProperty({ description: 'JWK thumbprint (RFC 7638): what people compare and pin' }) fingerprint!: string;
  @ApiProperty({ type: PublicJwkView }) jwk!: PublicJwk;
  @ApiProperty({ enum: ['active', 'retired'] }) state!: 'active' | 'retired';
  @ApiPropertyOptional({ format: 'date-time' }) retiredAt?: string;
  @ApiProperty({ type: [LiveConnectorView] }) connectors!: LiveConnectorView[];
}
