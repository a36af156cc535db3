import {
  CREDENTIAL_USES,
  type CredentialUse,
  EVERYONE,
  ITEM_KINDS,
  type ItemKind,
  MAX_GRANT_ROLES,
  ROLE,
} from '@lethe/contracts';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  Equals,
  IsArray,
  IsDefined,
  IsIn,
  IsInt,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { REFERENCE } from '../rows/reference.js';
import { AreNameGlobs, globsSchema } from '../rest/name-globs.js';

/** Most grants of a virtual server. */
export const MAX_GRANTS = 64;
const MAX_GATEWAYS = 64;
const MAX_TOOL_LIMITS = 32;

const isGrantRole = (value: unknown): boolean => value === EVERYONE || (typeof value === 'string' && ROLE.test(value));

/** Allows callers with a role to see and use items. */
export class GrantDto {
  @Field({
    type: 'string',
    description: `A role of callers' keys or tokens; \`*\`: every caller. At most ${MAX_GRANT_ROLES} others on one server`,
    pattern: `^(\\*|${ROLE.source.slice(1, -1)})$`,
  })
  @ValidateBy({ name: 'isRole', validator: { validate: isGrantRole } })
  role!: string;
  @Field({ description: 'Only items of these kinds' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(16)
  @IsIn(ITEM_KINDS, { each: true })
  kinds?: ItemKind[];
  @Field({ description: 'Only items of these gateways (id or slug)' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_GATEWAYS)
  @Matches(REFERENCE, { each: true })
  gateways?: string[];
  @Field(globsSchema('the names and URIs that clients see')) @Optional() @AreNameGlobs() names?: string[];
  @Field({
    // An `enum` of its own would be described as one of numbers.
    oneOf: [{ type: 'boolean', enum: [true] }],
    description:
      'Only what reads: resources, prompts, and tools whose verified definition has `readOnlyHint`, at gateways with ' +
      '`trustHints`, or that `items` of this server call `readOnly`',
  })
  @Optional()
  @Equals(true)
  readOnly?: true;
}

/** How often calls may be made. */
export class RateDto {
  @Field({ description: 'Calls in that time' }) @IsInt() @Min(1) @Max(1_000_000) calls!: number;
  @Field({ description: 'That time' }) @IsInt() @Min(1) @Max(86_400) seconds!: number;
  @Field({ description: 'Calls that may come at once; as `calls` when absent' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  burst?: number;
  @Field({ description: 'Calls of one caller to one gateway at the same time' })
  @Optional()
  @IsInt()
  @Min(1)
  @Max(10_000)
  concurrent?: number;
}

/** A limit for some tools, which count together. */
export class ToolLimitDto {
  @Field(globsSchema('the names of tools that clients see')) @AreNameGlobs() @ArrayMinSize(1) names!: string[];
  @Field({ type: RateDto, description: 'For each caller' })
  @IsDefined()
  @ValidateNested()
  @Type(() => RateDto)
  caller!: RateDto;
}

/** Limits for the tool calls of each caller, at each worker of each proxy. */
export class ServerLimitsDto {
  @Field({ type: RateDto, description: 'For all tools together' })
  @Optional()
  @ValidateNested()
  @Type(() => RateDto)
  caller?: RateDto;
  @Field({ type: [ToolLimitDto], description: 'For some tools' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_TOOL_LIMITS)
  @ValidateNested({ each: true })
  @Type(() => ToolLimitDto)
  tools?: ToolLimitDto[];
}

/** Whose credential the calls to one gateway have. */
export class CredentialUseDto {
  @Field({ description: 'Id or slug' }) @Matches(REFERENCE) gateway!: string;
  @Field({
    enum: CREDENTIAL_USES,
    description:
      "`callers`: the caller's own; `callers-then-kept`: the kept one if the caller sends none; `kept`: the kept one, and a caller's " +
      'own is refused. A kept one is used only for what a grant allows whose role is not `*` and that names the gateway',
  })
  @IsIn(CREDENTIAL_USES)
  use!: CredentialUse;
}
