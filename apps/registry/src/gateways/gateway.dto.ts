import {
  MAPPING_SCHEMES,
  type MappingScheme,
  ITEM_KINDS,
  type ItemKind,
  type OAuthClient,
  type PassthroughMapping,
  type Transport,
} from '@lethe/contracts';
import { MAX_PASSTHROUGH_NAME, SLUG } from '@lethe/mcp';
import { OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
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
import { Field } from '../rest/field.js';
import { globSchema, IsNameGlob } from '../rest/name-globs.js';
import { Nullable, Optional } from '../rest/optional.js';
import { AreTags } from '../rest/tags.js';
import type { ItemTags } from './item-tags.js';

const CERTIFICATES = /^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/;

class QueryTargetDto {
  @Field() @IsString() @MaxLength(64) query!: string;
}

/** Maps a caller's header to what the upstream receives. */
export class MappingDto implements PassthroughMapping {
  @Field({ example: 'Authorization' }) @IsString() @MaxLength(MAX_PASSTHROUGH_NAME) header!: string;
  @Field() @Optional() @IsBoolean() required?: boolean;
  @Field() @Optional() @IsIn(MAPPING_SCHEMES) scheme?: MappingScheme;
  @Field({ type: QueryTargetDto })
  @Optional()
  @ValidateNested()
  @Type(() => QueryTargetDto)
  to?: QueryTargetDto;
}

/** When a gateway is not called for a while. */
export class BreakerDto {
  @Field({ description: 'Failures in a row' }) @IsInt() @Min(1) @Max(1_000) failures!: number;
  @Field({ description: 'How long it is not called then' }) @IsInt() @Min(1) @Max(3_600) openSeconds!: number;
}

/** Limits for one gateway, at each worker of each proxy. */
export class GatewayLimitsDto {
  @Field({ description: 'Calls at the same time' }) @Optional() @IsInt() @Min(1) @Max(100_000) concurrent?: number;
  @Field({ type: BreakerDto, description: '5 failures and 10 s when absent' })
  @Optional()
  @ValidateNested()
  @Type(() => BreakerDto)
  breaker?: BreakerDto;
}

const HOST = String.raw`([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\])(:\d{1,5})?`;
/** https, or http on loopback, without user, query and fragment (RFC 8414, section 2). */
const ISSUER = new RegExp(
  String.raw`^(https:\/\/${HOST}|http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?)(\/[!$-.0-;=@-~]*)*$`,
);
/** A registered id, or the https URL of a client metadata document. */
const CLIENT_ID = new RegExp(String.raw`^([!"$-.0-~]+|https:\/\/${HOST}\/[!$-?A-~]*)$`);

/** The client by which people log in for a gateway. Its id is public; it has no member for a secret. */
export class OAuthClientDto implements OAuthClient {
  @Field({
    example: 'https://as.example.com',
    description: 'The only authorization server that it is used at, exactly as the upstream names it',
  })
  @MaxLength(2_048)
  @Matches(ISSUER)
  issuer!: string;
  @Field({ description: 'As registered there, or the https URL of a client metadata document' })
  @MaxLength(2_048)
  @Matches(CLIENT_ID)
  clientId!: string;
}

const MAX_ITEM_TAGS = 100;

/** Tags for items of a gateway. */
export class ItemTagsDto implements ItemTags {
  @Field() @IsIn(ITEM_KINDS) kind!: ItemKind;
  @Field(globSchema("the upstream's own names")) @IsNameGlob() name!: string;
  @Field() @AreTags() @ArrayMinSize(1) tags!: string[];
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
  @Field({ description: 'Words by which people find it, and by which virtual servers include it (`gatewayTags`)' })
  @Optional()
  @AreTags()
  tags?: string[];
  @Field({
    type: [ItemTagsDto],
    description:
      'Tags of its items, by which people find them and virtual servers include them (`tags`). An item has those of all ' +
      'entries that match it; a verification changes none',
  })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_ITEM_TAGS)
  @ValidateNested({ each: true })
  @Type(() => ItemTagsDto)
  itemTags?: ItemTagsDto[];
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
  @Field({
    default: false,
    description:
      'Whether grants with `readOnly` and rules with `annotations` believe what its tools say about themselves, such as ' +
      '`readOnlyHint`',
  })
  @Optional()
  @IsBoolean()
  trustHints?: boolean;
  @Field({ type: GatewayLimitsDto, description: 'Null: no limit, and the default breaker' })
  @Nullable()
  @ValidateNested()
  @Type(() => GatewayLimitsDto)
  limits?: GatewayLimitsDto | null;
  @Field({
    type: OAuthClientDto,
    description:
      'The client by which people log in for it; null: each registers their own. It needs no verification, and is not used ' +
      'before a verification has found its issuer',
  })
  @Nullable()
  @ValidateNested()
  @Type(() => OAuthClientDto)
  oauthClient?: OAuthClientDto | null;
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
