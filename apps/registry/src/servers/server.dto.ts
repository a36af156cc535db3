import {
  ITEM_KINDS,
  type ItemKind,
  JWT_ALGORITHMS,
  MISSING_CREDENTIAL,
  type MissingCredential,
  SERVER_ERAS,
  type ServerAccess,
  type ServerEras,
} from '@lethe/contracts';
import { SLUG } from '@lethe/mcp';
import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { Nullable, Optional } from '../rest/optional.js';
import { REFERENCE } from '../rows/reference.js';
import { EXPOSED_NAME, NAME_LENGTH } from './exposed-names.js';
import { GrantDto, MAX_GRANTS, ServerLimitsDto } from './grant.dto.js';
import { IsAccess } from './is-access.js';
import { IsShortForm } from './is-short-form.js';
import { AreNameGlobs, globsSchema } from './name-globs.dto.js';

/** OpenAPI schema of `ServerAccess`. */
const ACCESS = {
  description: 'Who may call: callers with a key, anyone, or callers with a token of this issuer',
  oneOf: [
    { type: 'string', enum: ['key', 'open'] },
    {
      type: 'object',
      additionalProperties: false,
      required: ['kind', 'issuer', 'audience', 'jwksUri', 'algorithms'],
      properties: {
        kind: { type: 'string', enum: ['jwt'] },
        issuer: { type: 'string' },
        audience: { type: 'string' },
        jwksUri: { type: 'string' },
        algorithms: { type: 'array', items: { type: 'string', enum: [...JWT_ALGORITHMS] } },
        roles: {
          type: 'object',
          additionalProperties: false,
          required: ['claim'],
          description: 'Where tokens have the roles of callers',
          properties: {
            claim: {
              type: 'string',
              description: 'A claim, or a path with dots; a text with spaces or an array of texts',
            },
            map: {
              type: 'object',
              additionalProperties: { type: 'string' },
              description: 'Value -> role; others are none',
            },
          },
        },
      },
    },
  ],
};

/** One item to expose. */
export class ItemPickDto {
  /** Id or slug. */
  @ApiProperty() @Matches(REFERENCE) gateway!: string;
  @ApiProperty({ enum: ITEM_KINDS }) @IsIn(ITEM_KINDS) kind!: ItemKind;
  /** The upstream's own name, URI or URI template. */
  @ApiProperty() @IsString() @MinLength(1) @MaxLength(2_000) name!: string;
  /** The name that clients see. Only for tools and prompts. */
  @ApiPropertyOptional() @Optional() @Matches(EXPOSED_NAME) as?: string;
  @ApiPropertyOptional() @Optional() @IsString() @MaxLength(4_000) description?: string;
  @ApiPropertyOptional() @Optional() @IsBoolean() enabled?: boolean;
  @ApiPropertyOptional({ description: 'For grants with `readOnly`: whether it only reads, whatever its hint says' })
  @Optional()
  @IsBoolean()
  readOnly?: boolean;
}

/** Exposes all items of a gateway that match. */
export class IncludeRuleDto {
  /** Id or slug. */
  @ApiProperty() @Matches(REFERENCE) gateway!: string;
  @ApiPropertyOptional({ enum: ITEM_KINDS, isArray: true })
  @Optional()
  @IsArray()
  @IsIn(ITEM_KINDS, { each: true })
  kinds?: ItemKind[];
  @ApiPropertyOptional(globsSchema("the upstream's own names")) @Optional() @AreNameGlobs() names?: string[];
}

/** A virtual server: what it exposes, and to whom. */
export class CreateServerDto {
  @ApiProperty() @IsString() @MinLength(1) @MaxLength(120) name!: string;
  @ApiPropertyOptional({ pattern: SLUG.source }) @Optional() @Matches(SLUG) slug?: string;
  @ApiPropertyOptional({ nullable: true, type: String })
  @Nullable()
  @IsString()
  @MaxLength(4_000)
  description?: string | null;
  @ApiPropertyOptional({
    nullable: true,
    type: String,
    description: 'Replaces the instructions of the upstreams, which are served otherwise; an empty text means none',
  })
  @Nullable()
  @IsString()
  @MaxLength(8_000)
  instructions?: string | null;
  @ApiPropertyOptional({ type: [ItemPickDto] })
  @Optional()
  @IsArray()
  @ArrayMaxSize(2_000)
  @ValidateNested({ each: true })
  @Type(() => ItemPickDto)
  items?: ItemPickDto[];
  @ApiPropertyOptional({ type: [IncludeRuleDto] })
  @Optional()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => IncludeRuleDto)
  include?: IncludeRuleDto[];
  @ApiPropertyOptional({ ...ACCESS, default: 'key' }) @Optional() @IsAccess() access?: ServerAccess;
  @ApiPropertyOptional({
    default: true,
    description: 'A server that is switched off answers every caller with 503 and keeps all its settings',
  })
  @Optional()
  @IsBoolean()
  enabled?: boolean;
  @ApiPropertyOptional({
    enum: MISSING_CREDENTIAL,
    default: 'result',
    description:
      'How a tool call is answered whose credential is missing, unusable or rejected by the upstream: `result` is a tool ' +
      'result with `isError`, which a model can read; `error` a JSON-RPC error. Virtual servers created while `error` was ' +
      'the default keep it',
  })
  @Optional()
  @IsIn(MISSING_CREDENTIAL)
  missingCredential?: MissingCredential;
  @ApiPropertyOptional({
    enum: SERVER_ERAS,
    default: 'auto',
    description:
      'Protocol eras that are served. `auto` refuses `server/discover` while an open gateway speaks the legacy era alone ' +
      'and keeps sessions, so that clients fall back to `initialize`; `both` always answers it; `legacy` refuses every ' +
      'modern request',
  })
  @Optional()
  @IsIn(SERVER_ERAS)
  eras?: ServerEras;
  @ApiPropertyOptional({
    type: 'integer',
    minimum: NAME_LENGTH.min,
    maximum: NAME_LENGTH.max,
    default: NAME_LENGTH.max,
    description:
      'Longest name that is made for a tool or prompt, for clients that put a prefix before it and cut it off; names that are assigned already stay',
  })
  @Optional()
  @IsInt()
  @Min(NAME_LENGTH.min)
  @Max(NAME_LENGTH.max)
  maxNameLength?: number;
  @ApiPropertyOptional({
    type: [GrantDto],
    nullable: true,
    maxItems: MAX_GRANTS,
    description:
      'Who may see and use what; what no grant allows does not exist for a caller. Null: everybody everything',
  })
  @Nullable()
  @IsArray()
  @ArrayMaxSize(MAX_GRANTS)
  @ValidateNested({ each: true })
  @Type(() => GrantDto)
  grants?: GrantDto[] | null;
  @ApiPropertyOptional({ type: ServerLimitsDto, nullable: true, description: 'Null: no limits' })
  @Nullable()
  @ValidateNested()
  @Type(() => ServerLimitsDto)
  limits?: ServerLimitsDto | null;
  /** Maps an upstream header to the gateway (id or slug) that owns its short form. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @Optional()
  @IsObject()
  @IsShortForm()
  shortForm?: Record<string, string>;
}

/** The fields that may change. The slug may not: it is part of the server's URL. */
export class ChangeServerDto extends PartialType(OmitType(CreateServerDto, ['slug'] as const), {
  skipNullProperties: false,
}) {}
