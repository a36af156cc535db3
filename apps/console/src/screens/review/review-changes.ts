import type { Change } from '../../api/reviews.js';

/** By what changes are filtered; texts stand in the address. */
export interface ChangeFilters {
  q?: string;
  change?: string;
  status?: string;
}

/** Identifies a change within a result. */
export function changeKey({ kind, name }: Pick<Change, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** The changes that match: a part of their name, what changed, and what was decided. */
export function matching(changes: readonly Change[], { q = '', change, status }: ChangeFilters): Change[] {
  const wanted = q.trim().toLowerCase();
  return changes.filter(
    (each) =>
      (wanted === '' || each.name.toLowerCase().includes(wanted)) &&
      (change === undefined || each.change === change) &&
      (status === undefined || each.status === status),
  );
}

/** Whether a decision about a change is possible: what was rejected can still be applied. */
export function isOpen({ status }: Change): boolean {
  return status === 'pending' || status === 'rejected';
}

/** What a decision is about: the chosen changes, or all that wait. */
export interface DecidedChanges {
  apply: Change[];
  reject: Change[];
  /** Nothing is chosen: it is about all that wait. */
  isAll: boolean;
}

/** What applying and rejecting would be about. What is not open any more is not chosen any more. */
export function decidedChanges(changes: readonly Change[], chosen: ReadonlySet<string>): DecidedChanges {
  const waiting = changes.filter(({ status }) => status === 'pending');
  const open = changes.filter((change) => isOpen(change) && chosen.has(changeKey(change)));
  if (open.length === 0) return { apply: waiting, reject: waiting, isAll: true };
  return { apply: open, reject: open.filter(({ status }) => status === 'pending'), isAll: false };
}
