import { ChangeSetType } from '@mikro-orm/core';
import type { EntityManager, EventSubscriber, FlushEventArgs } from '@mikro-orm/postgresql';

/** A row that a transaction is about to write. */
export interface RowChange {
  entity: object;
  kind: 'create' | 'update' | 'delete';
  /** Names of the properties that get another value; of a deleted row, none. */
  changed: readonly string[];
}

/**
 * Sees what each transaction writes through entities. Both methods run inside it: what they throw rolls it back. Statements
 * such as `nativeUpdate` are not seen.
 */
export interface ChangeObserver {
  /** Before the rows are written: queries still find what they were. */
  willWrite(em: EntityManager, changes: readonly RowChange[]): Promise<void>;
  /** After all of them were written. */
  willCommit(em: EntityManager): Promise<void>;
}

const KINDS: Record<ChangeSetType, RowChange['kind']> = {
  [ChangeSetType.CREATE]: 'create',
  [ChangeSetType.UPDATE]: 'update',
  [ChangeSetType.UPDATE_EARLY]: 'update',
  [ChangeSetType.DELETE]: 'delete',
  [ChangeSetType.DELETE_EARLY]: 'delete',
};

/** Tells an observer of the changes of each flush. */
export class FlushSubscriber implements EventSubscriber {
  constructor(private readonly observer: ChangeObserver) {}

  async onFlush({ em, uow }: FlushEventArgs): Promise<void> {
    const changes = uow.getChangeSets().map(({ entity, type, payload }) => ({
      entity,
      kind: KINDS[type],
      changed: Object.keys(payload),
    }));
    if (changes.length > 0 && isPostgres(em)) await this.observer.willWrite(em, changes);
  }
}

/** Type arguments of events name the base class. */
function isPostgres(em: object): em is EntityManager {
  return 'execute' in em;
}

/** Another entity manager in the same transaction, with nothing in its memory: it reads what the database has. */
export function withinTransaction(em: EntityManager): EntityManager {
  return em.fork({ clear: true, keepTransactionContext: true });
}
