import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsString, MaxLength, MinLength, ValidateBy } from 'class-validator';
import { Optional } from '../rest/optional.js';
import { REFERENCE } from '../rows/reference.js';

const MAX_SERVERS = 200;

function isServers(value: unknown): boolean {
  if (value === '*') return true;
  const isRef = (ref: unknown) => typeof ref === 'string' && REFERENCE.test(ref);
  return Array.isArray(value) && value.length > 0 && value.length <= MAX_SERVERS && value.every(isRef);
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
  @ApiPropertyOptional({ format: 'date-time' }) @Optional() @IsISO8601({ strict: true }) expiresAt?: string;
}
