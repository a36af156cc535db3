import type { RowChange } from '@lethe/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from './actor.js';

/** What an entry can be about. */
export type TargetKind = 'administrator' | 'gateway' | 'key' | 'server' | 'verification';

/** A target as people see it. */
export interface AuditedView {
  slug: string | null;
  /** What the admin API shows of it, without what changes by itself. Never a secret. */
  content: object;
}

/** Why something changed without a request. */
export interface Cause {
  actor: Actor;
  operation: string;
}

/** One kind of thing whose changes are in the audit log. */
export interface AuditedKind {
  readonly kind: TargetKind;
  /** The id of the target that this row belongs to; undefined if the change shows nowhere in its view. */
  targetOf(change: RowChange): string | undefined;
  /** The target in its present state; undefined if there is none, or no longer. */
  view(em: EntityManager, id: string): Promise<AuditedView | undefined>;
  /** Why it is in this state, if no request has led to it. */
  causeOf?(em: EntityManager, id: string): Promise<Cause | undefined>;
}
