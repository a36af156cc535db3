import { IsIn } from 'class-validator';
import { Field } from '../rest/field.js';
import { IsSwitch, IsWords } from '../rest/filters.js';
import { namedOrders } from '../rest/list-orders.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';
import type { Gateway } from './gateway.entity.js';

/** The orders of the list of gateways. */
export const GATEWAY_ORDERS = namedOrders<Gateway>();

const STATES = ['unverified', 'verified'] as const;
const DRIFTS = ['pending', 'suspected', 'rejected'] as const;

/** Which gateways are wanted, and in which order. */
export class GatewaysQuery extends PageQuery {
  @Field({ description: '`createdAt` unless it is given; with `-` the other way' })
  @Optional()
  @IsIn(GATEWAY_ORDERS.names)
  sort?: string;
  @Field({ description: 'Whether a verification of it was ever applied' })
  @Optional()
  @IsIn(STATES)
  state?: (typeof STATES)[number];
  @IsSwitch('Whether it is switched on') enabled?: 'true' | 'false';
  @Field({
    description:
      '`pending`: changes wait for a review; `suspected`: proxies saw that its items may have changed; `rejected`: changes ' +
      'of the newest result were rejected',
  })
  @Optional()
  @IsIn(DRIFTS)
  drift?: (typeof DRIFTS)[number];
  @IsWords('One of its tags', 64) tag?: string;
  @IsWords('A part of its name or slug') q?: string;
}
