import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsISO8601, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { PageQuery } from '../rest/paging.js';

const MAX = 255;

/** Which entries of the audit log are wanted. */
export class AuditQuery extends PageQuery {
  @ApiPropertyOptional({ minLength: 1, maxLength: MAX, description: 'Id or name of who did it' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX)
  actor?: string;
  @ApiPropertyOptional({
    minLength: 1,
    maxLength: MAX,
    example: 'changeAdmin',
    description: '`operationId`, or an event',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX)
  operation?: string;
  @ApiPropertyOptional({ minLength: 1, maxLength: MAX, description: 'Id or slug of what it was done to, or its kind' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX)
  target?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'The first time' })
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'The time before which the last entry was' })
  @IsOptional()
  @IsISO8601({ strict: true })
  to?: string;
}

/** Which entries an export has. */
export class AuditExportQuery {
  @ApiPropertyOptional({ format: 'date-time' }) @IsOptional() @IsISO8601({ strict: true }) from?: string;
  @ApiPropertyOptional({ format: 'date-time' }) @IsOptional() @IsISO8601({ strict: true }) to?: string;
}
