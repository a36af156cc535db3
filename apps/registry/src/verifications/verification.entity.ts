import {
  AUTH_SCHEMES,
  type CatalogueCounts,
  type FailureFacts,
  type GatewayVerified,
  type SkippedItem,
  type UpstreamFacts,
  type VerificationWarning,
} from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Actor } from '../audit/trail/actor.js';
import type { CatalogueDiff } from '../catalogue/catalogue-diff.js';
import { REVIEW_REASONS, type ReviewReason } from '../changes/decide-changes.js';

/** awaiting_credential -> running -> verified | failed | lost; awaiting_credential -> expired. */
const STORED_STATES = ['awaiting_credential', 'running', 'verified', 'failed', 'lost', 'expired'] as const;
/** State of a verification as it is stored. */
export type StoredState = (typeof STORED_STATES)[number];

/** The states that clients see. */
export const VERIFICATION_STATES = [...STORED_STATES, 'cancelled'] as const;
/** State of a verification. */
export type VerificationState = (typeof VERIFICATION_STATES)[number];

/**
 * The state of a verification and the code of its failure. A cancelled one is stored as failed with the code `cancelled`,
 * which older registries can read.
 */
export function stateOf({ state, code }: Pick<Verification, 'state' | 'code'>): {
  state: VerificationState;
  code: string | null;
} {
  if (state === 'failed' && code === 'cancelled') return { state: 'cancelled', code: null };
  return { state, code: code ?? null };
}

const Schema = defineEntity({
  name: 'Verification',
  tableName: 'verification',
  uniques: [{ name: 'verification_gateway_id_attempt_unique', properties: ['gatewayId', 'attempt'] }],
  indexes: [
    { name: 'verification_state_deadline_index', properties: ['state', 'deadline'] },
    { name: 'verification_created_at_id_index', properties: ['createdAt', 'id'] },
    { name: 'verification_administrator_state_index', properties: ['administrator', 'state'] },
  ],
  properties: {
    id: p.uuid().primary(),
    gatewayId: p.uuid(),
    configRevision: p.integer(),
    attempt: p.integer(),
    state: p.enum(STORED_STATES),
    administrator: p.string(),
    /** Who that was; null in rows of releases without an audit log. */
    openedBy: p.json<Actor>().nullable(),
    connector: p.string().nullable(),
    slot: p.string().nullable(),
    /** When it has passed, the sweeper ends the verification. */
    deadline: p.datetime(3),
    /** When the slot is given back if nothing is sealed for it; null if an older registry wrote the row. */
    slotEndsAt: p.datetime(3).nullable(),
    code: p.string().nullable(),
    httpStatus: p.integer().nullable(),
    /** The known scheme that the upstream's 401 asks for. */
    scheme: p.enum(AUTH_SCHEMES).nullable(),
    /** Facts about a failure that say what to do. */
    failure: p.json<FailureFacts & { wantsProof?: true }>().nullable(),
    /** JSON pointer to a credential that the upstream reflected. */
    pointer: p.text().nullable(),
    startedAt: p.datetime(3).nullable(),
    finishedAt: p.datetime(3).nullable(),
    requests: p.integer().nullable(),
    facts: p.json<UpstreamFacts>().columnType('json').nullable(),
    counts: p.json<CatalogueCounts>().nullable(),
    skipped: p.json<SkippedItem[]>().nullable(),
    warnings: p.json<VerificationWarning[]>().nullable(),
    digest: p.string().nullable(),
    diff: p.json<CatalogueDiff>().columnType('json').nullable(),
    /** Null once the result was applied, or another one took its place. */
    review: p.enum(REVIEW_REASONS).$type<ReviewReason>().nullable(),
    /** The verification that served before, with which the result was compared; null if there was none. */
    baseVid: p.uuid().nullable(),
    /** Goes up with each decision about what waits. */
    reviewVersion: p.integer().default(0),
    receipt: p.text().nullable(),
    /** A result whose parts have not all arrived. */
    arrived: p.json<GatewayVerified>().columnType('json').nullable(),
    createdAt: p.datetime(3),
  },
});

/** The record of one handshake of one gateway. Holds no credential. */
export class Verification extends Schema.class {}
Schema.setClass(Verification);
