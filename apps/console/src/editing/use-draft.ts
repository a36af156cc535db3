import { useState } from 'react';
import type { Versioned } from '../api/client.js';
import { isProblem } from '../api/problem.js';
import { changedFields, changedNames, isSame, type Joins, type Merge, mergeFields } from './three-way.js';

/** How a thing is read as a draft, and how a draft is saved. */
export interface DraftOptions<T, D extends object> {
  /** What was read last; it is read again while it is edited. */
  latest: Versioned<T>;
  /** The fields that can be edited. */
  draftOf: (value: T) => D;
  /** Saves the changed fields. @throws Problem `precondition_failed` if it was changed since `etag` */
  save: (changes: Partial<D>, etag: string | undefined) => Promise<Versioned<T>>;
  /** Lists of which two changes are joined entry by entry. */
  joins?: Joins<D>;
  /** Reads it again, after somebody else has changed it. */
  reread: () => Promise<Versioned<T>>;
  /** It is saved. `undo` takes the change back, unless somebody has changed it since. */
  onSaved: (saved: Versioned<T>, undo: () => Promise<Versioned<T>>) => void;
}

/** A conflict that a person decides: what both changed, and what happens to the rest. */
export interface Conflict<D> {
  merge: Merge<D>;
  /** Goes on with these values, on top of what the other one saved. They are saved by another press of the button. */
  resolve: (merged: D) => void;
  /** Leaves the draft as it was; the next save is refused again. */
  dismiss: () => void;
}

/** Something that is edited in a form. */
export interface Draft<D extends object> {
  fields: D;
  set: (changes: Partial<D>) => void;
  isChanged: boolean;
  /** The fields that differ from what was read. */
  changed: (keyof D & string)[];
  /** Somebody else has saved a change while this one was edited. */
  isOutdated: boolean;
  isSaving: boolean;
  error: unknown;
  conflict: Conflict<D> | undefined;
  save: () => Promise<void>;
  /** Drops the changes. */
  reset: () => void;
}

interface Edited<T, D> {
  base: Versioned<T>;
  fields: D;
}

/**
 * Edits a thing with its `ETag`: a change of somebody else in the meantime is never overwritten (412, RFC 9110, section
 * 15.5.13), but shown field by field and merged by hand. While nothing is changed, the draft follows what is read.
 */
export function useDraft<T, D extends object>(options: DraftOptions<T, D>): Draft<D> {
  const { latest, draftOf } = options;
  const [edited, setEdited] = useState<Edited<T, D>>();
  const [theirs, setTheirs] = useState<Versioned<T>>();
  const base = edited?.base ?? latest;
  const before = draftOf(base.value);
  const fields = edited?.fields ?? before;
  const changed = edited === undefined ? [] : changedNames(before, fields);

  const saving = useSaving(async () => {
    try {
      const saved = await options.save(changedFields(before, fields), base.etag);
      setEdited(undefined);
      options.onSaved(saved, () => options.save(changedFields(fields, before), saved.etag));
    } catch (failure) {
      if (!isProblem(failure, 'precondition_failed')) throw failure;
      setTheirs(await options.reread());
    }
  });
  const resolve = (merged: D): void => {
    if (theirs) setEdited({ base: theirs, fields: merged });
    setTheirs(undefined);
  };
  return {
    ...saving,
    fields,
    set: (changes) => setEdited({ base, fields: { ...fields, ...changes } }),
    isChanged: changed.length > 0,
    changed,
    isOutdated: edited !== undefined && latest.etag !== base.etag && !isSame(draftOf(latest.value), before),
    conflict: theirs && {
      merge: mergeFields(before, fields, draftOf(theirs.value), options.joins),
      resolve,
      dismiss: () => setTheirs(undefined),
    },
    reset: () => setEdited(undefined),
  };
}

/** Runs a save: whether it runs, and what went wrong the last time. */
function useSaving(run: () => Promise<void>): Pick<Draft<object>, 'save' | 'isSaving' | 'error'> {
  const [isSaving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async (): Promise<void> => {
    setSaving(true);
    setError(undefined);
    await run().catch(setError);
    setSaving(false);
  };
  return { save, isSaving, error };
}
