import { IsIn, Matches } from 'class-validator';
import { Field } from '../rest/field.js';
import { allOf, type Condition, ifGiven } from '../rest/filters.js';
import { ListOrders } from '../rest/list-orders.js';
import { Optional } from '../rest/optional.js';
import { PageQuery } from '../rest/paging.js';
import { REFERENCE } from '../rows/reference.js';
import { type Verification, VERIFICATION_STATES, type VerificationState } from './verification.entity.js';

const tie = { name: 'id', kind: 'uuid', of: ({ id }: Verification) => id } as const;

/** The orders of the verifications of one gateway. */
export const ATTEMPT_ORDERS = new ListOrders<Verification, 'attempt'>(
  { attempt: { kind: 'integer', of: ({ attempt }) => attempt } },
  tie,
  '-attempt',
);
/** The orders of the verifications of all gateways. */
export const VERIFICATION_ORDERS = new ListOrders<Verification, 'createdAt'>(
  { createdAt: { kind: 'time', of: ({ createdAt }) => createdAt } },
  tie,
  '-createdAt',
);

/** Which verifications of a gateway are wanted, and in which order. */
export class AttemptsQuery extends PageQuery {
  @Field({ description: '`-attempt` unless it is given: newest first' })
  @Optional()
  @IsIn(ATTEMPT_ORDERS.names)
  sort?: string;
  @Field({ description: 'Those in this state' }) @Optional() @IsIn(VERIFICATION_STATES) state?: VerificationState;
}

/** Which verifications of all gateways are wanted, and in which order. */
export class VerificationsQuery extends PageQuery {
  @Field({ description: '`-createdAt` unless it is given: newest first' })
  @Optional()
  @IsIn(VERIFICATION_ORDERS.names)
  sort?: string;
  @Field({ description: 'Those in this state' }) @Optional() @IsIn(VERIFICATION_STATES) state?: VerificationState;
  @Field({ description: 'Id or slug' }) @Optional() @Matches(REFERENCE) gateway?: string;
}

/** Condition for verifications that are in a state, if one is asked for. */
export function inState(state: VerificationState | undefined): Condition {
  return ifGiven(state, (value) => {
    // As `stateOf` reads it.
    if (value === 'cancelled') return { state: 'failed', code: 'cancelled' };
    if (value === 'failed')
      return allOf({ state: 'failed' }, { $or: [{ code: null }, { code: { $ne: 'cancelled' } }] });
    return { state: value };
  });
}
