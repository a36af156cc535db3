import {
  MISSING_CREDENTIAL,
  type MissingCredential,
  REJECTED_CREDENTIAL,
  type RejectedCredential,
  SERVER_ERAS,
  type ServerAccess,
  type ServerEras,
} from '@lethe/contracts';
import { SLUG } from '@lethe/mcp';
import { OmitType, PartialType } from '@nestjs/swagger';
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
import { Field } from '../rest/field.js';
import { Nullable, Optional } from '../rest/optional.js';
import { AreTags } from '../rest/tags.js';
import { NAME_LENGTH } from './exposed-names.js';
import { IncludeRuleDto, ItemPickDto, MAX_PICKS } from './items.dto.js';
import { CredentialUseDto, GrantDto, MAX_GRANTS, ServerLimitsDto } from './grant.dto.js';
import { ACCESS_SCHEMA, IsAccess } from './is-access.js';
import { IsShortForm, SHORT_FORM_SCHEMA } from './is-short-form.js';

/** A virtual server: what it exposes, and to whom. */
export class CreateServerDto {
  @Field() @IsString() @MinLength(1) @MaxLength(120) name!: string;
  @Field({ description: 'Part of its URL; made from the name when absent' }) @Optional() @Matches(SLUG) slug?: string;
  @Field()
  @Nullable()
  @IsString()
  @MaxLength(4_000)
  description?: string | null;
  @Field({
    description: 'Replaces the instructions of the upstreams, which are served otherwise; an empty text means none',
  })
  @Nullable()
  @IsString()
  @MaxLength(8_000)
  instructions?: string | null;
  @Field({ description: 'Words by which people find it' }) @Optional() @AreTags() tags?: string[];
  @Field({ type: [ItemPickDto], description: 'Items one by one, with the name and description that clients see' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_PICKS)
  @ValidateNested({ each: true })
  @Type(() => ItemPickDto)
  items?: ItemPickDto[];
  @Field({ type: [IncludeRuleDto], description: 'All items that a rule matches, besides `items`' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => IncludeRuleDto)
  include?: IncludeRuleDto[];
  @Field({ ...ACCESS_SCHEMA, default: 'key' }) @Optional() @IsAccess() access?: ServerAccess;
  @Field({
    default: true,
    description: 'A server that is switched off answers every caller with 503 and keeps all its settings',
  })
  @Optional()
  @IsBoolean()
  enabled?: boolean;
  @Field({
    default: 'result',
    description:
      'How a tool call is answered whose credential is missing, unusable or rejected by the upstream: `result` is a tool ' +
      'result with `isError`, which a model can read; `error` a JSON-RPC error. Virtual servers created while `error` was ' +
      'the default keep it',
  })
  @Optional()
  @IsIn(MISSING_CREDENTIAL)
  missingCredential?: MissingCredential;
  @Field({
    default: 'error',
    description:
      "How a caller's own credential that is missing or rejected is told: `error` with HTTP status 200; `http` with 401 or " +
      '403 as the upstream said, `WWW-Authenticate: Lethe-Upstream` and a JSON-RPC error, also for tools: for clients that get ' +
      'their headers from a program and then run it again. Other clients take it for a request to sign in',
  })
  @Optional()
  @IsIn(REJECTED_CREDENTIAL)
  rejectedCredential?: RejectedCredential;
  @Field({
    default: 'auto',
    description:
      'Protocol eras that are served. `auto` refuses `server/discover` while an open gateway speaks the legacy era alone ' +
      'and keeps sessions, so that clients fall back to `initialize`; `both` always answers it; `legacy` refuses every ' +
      'modern request',
  })
  @Optional()
  @IsIn(SERVER_ERAS)
  eras?: ServerEras;
  @Field({
    default: NAME_LENGTH.max,
    description:
      'Longest name that is made for a tool or prompt, for clients that put a prefix before it and cut it off; names that are assigned already stay',
  })
  @Optional()
  @IsInt()
  @Min(NAME_LENGTH.min)
  @Max(NAME_LENGTH.max)
  maxNameLength?: number;
  @Field({
    type: [GrantDto],
    description:
      'Who may see and use what; what no grant allows does not exist for a caller. Null: everybody everything',
  })
  @Nullable()
  @IsArray()
  @ArrayMaxSize(MAX_GRANTS)
  @ValidateNested({ each: true })
  @Type(() => GrantDto)
  grants?: GrantDto[] | null;
  @Field({ type: ServerLimitsDto, description: 'Null: no limits' })
  @Nullable()
  @ValidateNested()
  @Type(() => ServerLimitsDto)
  limits?: ServerLimitsDto | null;
  @Field({
    type: [CredentialUseDto],
    description: 'Whose credential calls have, for gateways where it is not that of callers alone. Null: nowhere',
  })
  @Nullable()
  @IsArray()
  @ArrayMaxSize(64)
  @ValidateNested({ each: true })
  @Type(() => CredentialUseDto)
  credentials?: CredentialUseDto[] | null;
  @Field(SHORT_FORM_SCHEMA)
  @Optional()
  @IsObject()
  @IsShortForm()
  shortForm?: Record<string, string>;
}

/** The fields that may change. The slug may not: it is part of the server's URL. */
export class ChangeServerDto extends PartialType(OmitType(CreateServerDto, ['slug'] as const), {
  skipNullProperties: false,
}) {}
