import { ROLE } from '@lethe/contracts';
import { applyDecorators } from '@nestjs/common';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateBy,
} from 'class-validator';
import { IsDateTime } from '../rest/date-time.js';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { REFERENCE } from '../rows/reference.js';

const MAX_SERVERS = 200;
const MAX_ROLES = 32;

function isServers(value: unknown): boolean {
  if (value === '*') return true;
  const isRef = (ref: unknown) => typeof ref === 'string' && REFERENCE.test(ref);
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_SERVERS && value.every(isRef);
}

const ROLES = { description: 'What the grants of virtual servers name; `*` is no role, because every caller has it' };

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
  @Field(ROLES) @Optional() @AreRoles() roles?: string[];
  @Field({ description: 'In the future' }) @Optional() @IsDateTime() expiresAt?: string;
}

/** The fields of a key that may change; what is absent stays. */
export class ChangeKeyDto {
  @Field(ROLES) @Optional() @AreRoles() roles?: string[];
}
