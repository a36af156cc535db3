import { IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { Field } from '../rest/field.js';
import { Optional } from '../rest/optional.js';

/** Form of an event's id. */
export const EVENT_ID = /^\d{1,15}$/;

/** Which events are wanted. */
export class EventsQuery {
  @Field({ description: 'Id or slug of what they are about, or its kind' })
  @Optional()
  @IsString()
  @MinLength(1)
  @MaxLength(255)
  target?: string;
  @Field({ description: 'As the header `Last-Event-ID`, for a first request; the header has precedence' })
  @Optional()
  @Matches(EVENT_ID)
  lastEventId?: string;
}
