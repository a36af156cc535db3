import { IsIn, Matches } from 'class-validator';
import { Field } from '../rest/field.js';
import { IsSwitch, IsWords } from '../rest/filters.js';
import { namedOrders } from '../rest/list-orders.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';
import { REFERENCE } from '../rows/reference.js';
import type { VirtualServer } from './server.entity.js';

/** The orders of the list of virtual servers. */
export const SERVER_ORDERS = namedOrders<VirtualServer>();

/** Which virtual servers are wanted, and in which order. */
export class ServersQuery extends PageQuery {
  @Field({ description: '`createdAt` unless it is given; with `-` the other way' })
  @Optional()
  @IsIn(SERVER_ORDERS.names)
  sort?: string;
  @Field({ description: 'Id or slug of a gateway of which it may serve items' })
  @Optional()
  @Matches(REFERENCE)
  gateway?: string;
  @IsSwitch('Whether it is switched on') enabled?: 'true' | 'false';
  @IsWords('One of its tags', 64) tag?: string;
  @IsWords('A part of its name or slug') q?: string;
}
