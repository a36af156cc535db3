import { ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, IsString, Matches, MaxLength, MinLength, ValidateIf } from 'class-validator';
import { Optional } from '../rest/optional.js';

const MAX_ROLES = 32;
const ROLE = /^[\x21-\x7e]{1,120}$/;
const KEY_ID = /^[0-9a-f]{16}$/;

/** The call to explain: an item by its exposed name or URI, and who calls. */
export class ExplainDto {
  @ApiProperty({ enum: ITEM_KINDS }) @IsIn(ITEM_KINDS) kind!: ItemKind;

  @ApiPropertyOptional({ description: 'The exposed name of a tool or prompt', minLength: 1, maxLength: 2_000 })
  @ValidateIf(({ uri, name }: ExplainDto) => uri === undefined || name !== undefined)
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  name?: string;

  @ApiPropertyOptional({ description: 'The URI of a resource, or a template', minLength: 1, maxLength: 2_048 })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_048)
  uri?: string;

  @ApiPropertyOptional({ description: "The public id of the caller's key, not the key", pattern: KEY_ID.source })
  @Optional()
  @Matches(KEY_ID)
  key?: string;

  @ApiPropertyOptional({ type: [String], maxItems: MAX_ROLES, description: 'Roles of a caller, in the place of a key' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES)
  @Matches(ROLE, { each: true })
  roles?: string[];
}
