import { EVERYONE, ITEM_KINDS, type ItemKind, ROLE } from '@lethe/contracts';
import { IsIn, Matches } from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';

const ONE_ROLE = ROLE.source.slice(1, -1);
const ROLES = new RegExp(`^(\\*|${ONE_ROLE}(,${ONE_ROLE}){0,31})$`);

/** What is measured. */
export class SizeQuery extends PageQuery {
  @Field({ description: '`tool` unless it is given: what clients give the model with each request' })
  @Optional()
  @IsIn(ITEM_KINDS)
  kind?: ItemKind;
  @Field({
    description:
      'Only what a caller with this role sees, or with several, with commas between; `*`: a caller without roles. ' +
      'Everything when absent',
  })
  @Optional()
  @Matches(ROLES)
  role?: string;
}

/** The roles that are asked about; undefined: everything is measured. */
export function rolesOf({ role }: SizeQuery): string[] | undefined {
  return role === undefined || role === EVERYONE ? role && [] : role.split(',');
}
