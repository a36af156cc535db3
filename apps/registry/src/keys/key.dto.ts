import { ROLE } from '@lethe/contracts';
import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateBy,
} from 'class-validator';
import { IsDateTime } from '../rest/date-time.js';
import { Field } from '../rest/field.js';
import { Nullable, Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';
import { REFERENCE } from '../rows/reference.js';
import { KEY_STATES, type KeyState } from './key.view.js';

const MAX_SERVERS = 200;
const MAX_ROLES = 32;
const DAY_SECONDS = 24 * 60 * 60;
/** The longest time for which a key stays valid beside the one that replaces it: 30 days. */
const MAX_OVERLAP_SECONDS = 30 * DAY_SECONDS;
/** The time unless another one is given: a day. */
export const OVERLAP_SECONDS = DAY_SECONDS;

function isServers(value: unknown): boolean {
  if (value === '*') return true;
  const isRef = (ref: unknown) => typeof ref === 'string' && REFERENCE.test(ref);
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_SERVERS && value.every(isRef);
}

const ROLES = 'What the grants of virtual servers name; `*` is no role, because every caller has it';

function AreRoles(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMaxSize(MAX_ROLES), ArrayUnique(), Matches(ROLE, { each: true }));
}

/** A key to issue for callers of virtual servers. */
export class IssueKeyDto {
  @Field() @IsString() @MinLength(1) @MaxLength(120) name!: string;
  @Field({
    description: 'Ids or slugs of virtual servers, or `*` for all',
    oneOf: [
      { type: 'array', minItems: 1, maxItems: MAX_SERVERS, items: { type: 'string', pattern: REFERENCE.source } },
      { type: 'string', enum: ['*'] },
    ],
  })
  @ValidateBy({ name: 'isServers', validator: { validate: isServers } })
  servers!: string[] | '*';
  @Field({ description: ROLES }) @Optional() @AreRoles() roles?: string[];
  @Field({ description: 'In the future' }) @Optional() @IsDateTime() expiresAt?: string;
}

/** The fields of a key that may change; what is absent stays. */
export class ChangeKeyDto {
  @Field() @Optional() @IsString() @MinLength(1) @MaxLength(120) name?: string;
  @Field({ description: `${ROLES}. Keys that one was rotated from, or to, get them too` })
  @Optional()
  @AreRoles()
  roles?: string[];
  @Field({ description: 'In the future, and not after the expiry that the key was made with; null for that one' })
  @Nullable()
  @IsDateTime()
  expiresAt?: string | null;
}

/** How a key is replaced. */
export class RotateKeyDto {
  @Field({
    description: `How long the old key stays valid; ${OVERLAP_SECONDS} unless it is given, 0 revokes it at once`,
  })
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_SECONDS)
  overlapSeconds?: number;
  @Field({
    description:
      'Of the new key, in the future; null for none. Without it, the new one lives as long as the old one was made for',
  })
  @Nullable()
  @IsDateTime()
  expiresAt?: string | null;
}

/** Which keys to list. */
export class KeysQuery extends PageQuery {
  @Field({ description: 'Only keys in this state' }) @Optional() @IsIn(KEY_STATES) state?: KeyState;
  @Field({ description: 'Only keys with this role' }) @Optional() @Matches(ROLE) role?: string;
  @Field({ description: 'Only keys for this virtual server, by id or slug; those for all are among them' })
  @Optional()
  @Matches(REFERENCE)
  server?: string;
  @Field({ description: 'Only keys that end before this time, also those that have ended' })
  @Optional()
  @IsDateTime()
  endsBefore?: string;
}
