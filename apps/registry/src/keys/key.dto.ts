import { ROLE } from '@lethe/contracts';
import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsISO8601,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateBy,
} from 'class-validator';
import { Optional } from '../rest/optional.js';
import { REFERENCE } from '../rows/reference.js';

const MAX_SERVERS = 200;
const MAX_ROLES = 32;

function isServers(value: unknown): boolean {
  if (value === '*') return true;
  const isRef = (ref: unknown) => typeof ref === 'string' && REFERENCE.test(ref);
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_SERVERS && value.every(isRef);
}

const RolesProperty = () =>
  ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', pattern: ROLE.source },
    maxItems: MAX_ROLES,
    uniqueItems: true,
    description: 'What the grants of virtual servers name; `*` is no role, because every caller has it',
  });

function AreRoles(): PropertyDecorator {
  return applyDecorators(IsArray(), ArrayMaxSize(MAX_ROLES), ArrayUnique(), Matches(ROLE, { each: true }));
}

/** A key to issue for callers of virtual servers. */
export class IssueKeyDto {
  @ApiProperty() @IsString() @MinLength(1) @MaxLength(120) name!: string;
  /** Ids or slugs, or `*` for all. */
  @ApiProperty({
    oneOf: [
      { type: 'array', items: { type: 'string' } },
      { type: 'string', enum: ['*'] },
    ],
  })
  @ValidateBy({ name: 'isServers', validator: { validate: isServers } })
  servers!: string[] | '*';
  @RolesProperty() @Optional() @AreRoles() roles?: string[];
  @ApiPropertyOptional({ format: 'date-time' }) @Optional() @IsISO8601({ strict: true }) expiresAt?: string;
}

/** The fields of a key that may change; what is absent stays. */
export class ChangeKeyDto {
  @RolesProperty() @Optional() @AreRoles() roles?: string[];
}
