import { IsIn, Matches } from 'class-validator';
import { Field } from '../rest/field.js';
import { IsSwitch, IsWords } from '../rest/filters.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';
import { type ActivityWindow, WINDOWS } from './steps.js';

const MAX_NAME = 64;
const SERVER = 'Slug of a virtual server, also of one that is deleted';
const GATEWAY = 'Slug of a gateway, also of one that is deleted';

/** Which activity is wanted. */
export class ActivityQuery {
  @Field({
    description: 'How far back: an hour in minutes, or a day in quarters of an hour; `hour` unless it is given',
  })
  @Optional()
  @IsIn(WINDOWS)
  window?: ActivityWindow;
  @IsWords(SERVER, MAX_NAME) server?: string;
  @IsWords(GATEWAY, MAX_NAME) gateway?: string;
}

/** Which of the last calls are wanted. */
export class CallsQuery extends PageQuery {
  @IsWords(SERVER, MAX_NAME) server?: string;
  @IsWords(GATEWAY, MAX_NAME) gateway?: string;
  @Field({ description: "Id of a caller's key" }) @Optional() @Matches(/^[0-9a-f]{16}$/) key?: string;
  @IsWords('`ok`, `client_gone`, or the code of an error', MAX_NAME) outcome?: string;
  @IsSwitch('`true`: those with an outcome other than `ok`; `false`: those with `ok`') failed?: string;
}
