import { AUTH_SCHEMES, type AuthScheme, type PassthroughMapping, type Transport } from '@lethe/contracts';
import { MAX_PASSTHROUGH_NAME, SLUG } from '@lethe/mcp';
import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Nullable, Optional } from '../rest/optional.js';

const CERTIFICATES = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

class QueryTargetDto {
  @ApiProperty() @IsString() @MaxLength(64) query!: string;
}

/** Maps a caller's header to what the upstream receives. */
export class MappingDto implements PassthroughMapping {
  @ApiProperty({ example: 'Authorization' }) @IsString() @MaxLength(MAX_PASSTHROUGH_NAME) header!: string;
  @ApiPropertyOptional() @Optional() @IsBoolean() required?: boolean;
  @ApiPropertyOptional({ enum: AUTH_SCHEMES })
  @Optional()
  @IsIn(AUTH_SCHEMES)
  scheme?: AuthScheme;
  @ApiPropertyOptional({ type: QueryTargetDto })
  @Optional()
  @ValidateNested()
  @Type(() => QueryTargetDto)
  to?: QueryTargetDto;
}

/** When a gateway is not called for a while. */
export class BreakerDto {
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 1_000, description: 'Failures in a row' })
  @IsInt()
  @Min(1)
  @Max(1_000)
  failures!: number;
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 3_600 }) @IsInt() @Min(1) @Max(3_600) openSeconds!: number;
}

/** Limits for one gateway, at each worker of each proxy. */
export class GatewayLimitsDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100_000, description: 'Calls at the same time' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  concurrent?: number;
  @ApiPropertyOptional({ type: BreakerDto, description: '5 failures and 10 s when absent' })
  @Optional()
  @ValidateNested()
  @Type(() => BreakerDto)
  breaker?: BreakerDto;
}

/** Metadata of an upstream MCP server. It has no field for a credential. */
export class RegisterGatewayDto {
  @ApiProperty() @IsString() @MinLength(1) @MaxLength(120) name!: string;
  @ApiPropertyOptional({ pattern: SLUG.source, description: 'Never changes; made from the name when absent' })
  @Optional()
  @Matches(SLUG)
  slug?: string;
  @ApiProperty({ example: 'https://mcp.example.com/mcp' }) @IsString() @MaxLength(2048) url!: string;
  @ApiPropertyOptional({ enum: ['auto', 'streamable-http', 'sse'], default: 'auto' })
  @Optional()
  @IsIn(['auto', 'streamable-http', 'sse'])
  transport?: Transport;
  @ApiPropertyOptional({ nullable: true, type: String })
  @Nullable()
  @IsString()
  @MaxLength(4000)
  description?: string | null;
  @ApiPropertyOptional()
  @Optional()
  @IsArray()
  @ArrayMaxSize(32)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  tags?: string[];
  @ApiPropertyOptional({ type: [MappingDto] })
  @Optional()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => MappingDto)
  passthroughHeaders?: MappingDto[];
  @ApiPropertyOptional({ enum: ['catalogue', 'live'] })
  @Optional()
  @IsIn(['catalogue', 'live'])
  listing?: 'catalogue' | 'live';
  @ApiPropertyOptional({ enum: ['auto', 'review'] }) @Optional() @IsIn(['auto', 'review']) drift?: 'auto' | 'review';
  @ApiPropertyOptional({
    nullable: true,
    type: String,
    description: 'PEM certificate authority for this upstream only',
  })
  @Nullable()
  @MaxLength(16_384)
  @Matches(CERTIFICATES)
  tlsCa?: string | null;
  @ApiPropertyOptional() @Optional() @IsBoolean() enabled?: boolean;
  @ApiPropertyOptional({
    default: false,
    description: 'Whether grants with `readOnly` believe what its tools say about themselves (`readOnlyHint`)',
  })
  @Optional()
  @IsBoolean()
  trustHints?: boolean;
  @ApiPropertyOptional({
    type: GatewayLimitsDto,
    nullable: true,
    description: 'Null: no limit, and the default breaker',
  })
  @Nullable()
  @ValidateNested()
  @Type(() => GatewayLimitsDto)
  limits?: GatewayLimitsDto | null;
}

/** The fields that may change. URL, transport, mappings and certificate authority become a pending configuration. */
export class ChangeGatewayDto extends PartialType(OmitType(RegisterGatewayDto, ['slug'] as const), {
  skipNullProperties: false,
}) {}
