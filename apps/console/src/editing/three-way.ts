/** One field that two administrators have changed, each to another value. */
export interface Clash<T> {
  field: keyof T & string;
  mine: T[keyof T];
  theirs: T[keyof T];
}

/** Two changes of the same thing, put together field by field. */
export interface Merge<T> {
  /** Both changes; a field that clashes has my value. */
  merged: T;
  /** Fields that only the other one changed. */
  taken: (keyof T & string)[];
  clashes: Clash<T>[];
}

/**
 * Puts two changes of one thing together. `base` is what I read before I changed it to `mine`; `theirs` is what it is now.
 * Fields are compared as JSON.
 */
export function mergeFields<T extends object>(base: T, mine: T, theirs: T): Merge<T> {
  const merge: Merge<T> = { merged: { ...mine }, taken: [], clashes: [] };
  for (const field in base) {
    if (isSame(base[field], theirs[field]) || isSame(mine[field], theirs[field])) continue;
    if (isSame(base[field], mine[field])) {
      merge.merged[field] = theirs[field];
      merge.taken.push(field);
    } else merge.clashes.push({ field, mine: mine[field], theirs: theirs[field] });
  }
  return merge;
}

/** The fields of `changed` that differ from `base`. */
export function changedFields<T extends object>(base: T, changed: T): Partial<T> {
  const fields: Partial<T> = {};
  for (const field in base) if (!isSame(base[field], changed[field])) fields[field] = changed[field];
  return fields;
}

/** Whether two values are the same as JSON. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
