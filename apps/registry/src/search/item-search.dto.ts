import { ITEM_KINDS, type ItemKind } from '@lethe/contracts';
import { IsIn, Matches } from 'class-validator';
import { Field } from '../rest/field.js';
import { IsWords } from '../rest/filters.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';
import { REFERENCE } from '../rows/reference.js';

/** Which items of all catalogues are wanted. */
export class ItemsQuery extends PageQuery {
  @IsWords(
    'Words of names, titles and descriptions, or beginnings of words; all must be there. The best match comes first; ' +
      'without it, all items by their names',
  )
  q?: string;
  @Field({ description: 'Items of this kind' }) @Optional() @IsIn(ITEM_KINDS) kind?: ItemKind;
  @Field({ description: 'Id or slug' }) @Optional() @Matches(REFERENCE) gateway?: string;
  @IsWords('A tag of the item or of its gateway', 64) tag?: string;
}
