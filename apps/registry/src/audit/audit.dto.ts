import { IsString, MaxLength, MinLength } from 'class-validator';
import { IsDateTime } from '../rest/date-time.js';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';

const MAX = 255;

/** Which entries of the audit log are wanted. */
export class AuditQuery extends PageQuery {
  @Field({ description: 'Id or name of who did it' })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX)
  actor?: string;
  @Field({ example: 'changeAdmin', description: '`operationId`, or an event' })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX)
  operation?: string;
  @Field({ description: 'Id or slug of what it was done to, or its kind' })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX)
  target?: string;
  @Field({ description: 'The first time' }) @Optional() @IsDateTime() from?: string;
  @Field({ description: 'The time before which the last entry was' }) @Optional() @IsDateTime() to?: string;
}

/** Which entries an export has. */
export class AuditExportQuery {
  @Field({ description: 'The first time' }) @Optional() @IsDateTime() from?: string;
  @Field({ description: 'The time before which the last entry was' }) @Optional() @IsDateTime() to?: string;
}
