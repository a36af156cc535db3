import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsString, MaxLength, ValidateNested } from 'class-validator';
import { CHANGE_KINDS, type ChangeKind } from '../catalogue/item-content.js';
import { CHANGE_STATUSES, type ChangeStatus } from '../changes/verification-change.entity.js';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';

/** Names one change of a result. */
export class ChangeRefDto {
  @Field() @IsIn(CHANGE_KINDS) kind!: ChangeKind;
  @Field({ description: "The upstream's own name, URI or URI template" })
  @IsString()
  @MaxLength(2_000)
  name!: string;
}

/** Which changes of a result are decided about. */
export class ReviewDto {
  @Field({
    type: [ChangeRefDto],
    description: 'Absent for all that wait. What was rejected is applied only if it is named',
  })
  @Optional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_001)
  @ValidateNested({ each: true })
  @Type(() => ChangeRefDto)
  items?: ChangeRefDto[];
}

/** Query parameters of the changes of a result. */
export class DiffQuery extends PageQuery {
  @Field({ description: 'Only changes of this status' })
  @Optional()
  @IsIn(CHANGE_STATUSES)
  status?: ChangeStatus;
}
