import { ITEM_KINDS, type ItemKind, ROLE } from '@lethe/contracts';
import { ArrayMaxSize, IsArray, IsIn, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';

const MAX_ROLES = 32;
const KEY_ID = /^[0-9a-f]{16}$/;

/** The call to explain: an item by its exposed name or URI, and who calls. */
export class ExplainDto {
  @Field() @IsIn(ITEM_KINDS) kind!: ItemKind;

  @Field({ description: 'The exposed name of a tool or prompt; either this or `uri`' })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_000)
  name?: string;

  @Field({ description: 'The URI of a resource, or a template' })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(2_048)
  uri?: string;

  @Field({ description: "The public id of the caller's key, not the key" })
  @Optional()
  @Matches(KEY_ID)
  key?: string;

  @Field({ description: 'Roles of a caller, in the place of a key' })
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_ROLES)
  @Matches(ROLE, { each: true })
  roles?: string[];
}
