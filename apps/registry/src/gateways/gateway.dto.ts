import { AUTH_SCHEMES, type AuthScheme, type PassthroughMapping, type Transport } from '@lethe/contracts';
import { MAX_PASSTHROUGH_NAME, SLUG } from '@lethe/mcp';
import { OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Field } from '../rest/field.js';
import { Nullable, Optional } from '../rest/optional.js';

const CERTIFICATES = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

class QueryTargetDto {
  @Field() @IsString() @MaxLength(64) query!: string;
}

/** Maps a caller's header to what the upstream receives. */
export class MappingDto implements PassthroughMapping {
  @Field({ example: 'Authorization' }) @IsString() @MaxLength(MAX_PASSTHROUGH_NAME) header!: string;
  @Field() @Optional() @IsBoolean() required?: boolean;
  @Field() @Optional() @IsIn(AUTH_SCHEMES) scheme?: AuthScheme;
  @Field({ type: QueryTargetDto })
  @Optional()
  @ValidateNested()
  @Type(() => QueryTargetDto)
  to?: QueryTargetDto;
}

/** Metadata of an upstream MCP server. It has no field for a credential. */
export class RegisterGatewayDto {
  @Field() @IsString() @MinLength(1) @MaxLength(120) name!: string;
  @Field({ description: 'Never changes; made from the name when absent' })
  @Optional()
  @Matches(SLUG)
  slug?: string;
  @Field({ example: 'https://mcp.example.com/mcp' }) @IsString() @MaxLength(2048) url!: string;
  @Field({ default: 'auto' })
  @Optional()
  @IsIn(['auto', 'streamable-http', 'sse'])
  transport?: Transport;
  @Field()
  @Nullable()
  @IsString()
  @MaxLength(4000)
  description?: string | null;
  @Field({ description: 'Words by which people find it' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(32)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  tags?: string[];
  @Field({
    type: [MappingDto],
    description: 'Headers of callers for this upstream; `[{ "header": "Authorization" }]` when absent',
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => MappingDto)
  passthroughHeaders?: MappingDto[];
  @Field({
    default: 'catalogue',
    description: 'Whether lists are what was verified, or asked of the upstream each time',
  })
  @Optional()
  @IsIn(['catalogue', 'live'])
  listing?: 'catalogue' | 'live';
  @Field({
    default: 'auto',
    description: 'Whether what a later verification finds is served at once, or waits for `apply`',
  })
  @Optional()
  @IsIn(['auto', 'review'])
  drift?: 'auto' | 'review';
  @Field({ description: 'PEM certificate authorities for this upstream only' })
  @Nullable()
  @MaxLength(16_384)
  @Matches(CERTIFICATES)
  tlsCa?: string | null;
  @Field({ default: true }) @Optional() @IsBoolean() enabled?: boolean;
}

/** The fields that may change. URL, transport, mappings and certificate authority become a pending configuration. */
export class ChangeGatewayDto extends PartialType(OmitType(RegisterGatewayDto, ['slug'] as const), {
  skipNullProperties: false,
}) {}

/** How a gateway is deleted. */
export class RemoveGatewayQuery {
  @Field({ description: '`true` deletes it although virtual servers have it; they lose its items' })
  @Optional()
  @IsIn(['true', 'false'])
  force?: 'true' | 'false';
}
