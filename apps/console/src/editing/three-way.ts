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
 * Puts two changes of one value together: both, with mine or with theirs where they can't both be. Where the two are the same,
 * nothing clashes.
 */
export type Join<V> = (base: V, mine: V, theirs: V) => { mine: V; theirs: V };
/** The fields of which the parts are joined. Any other field is changed as a whole. */
export type Joins<T> = { [F in keyof T]?: Join<T[F]> };

/**
 * Puts two changes of one thing together. `base` is what I read before I changed it to `mine`; `theirs` is what it is now.
 * Fields are compared as JSON.
 */
export function mergeFields<T extends object>(base: T, mine: T, theirs: T, joins: Joins<T> = {}): Merge<T> {
  const merge: Merge<T> = { merged: { ...mine }, taken: [], clashes: [] };
  for (const field in base) {
    if (isSame(base[field], theirs[field]) || isSame(mine[field], theirs[field])) continue;
    if (isSame(base[field], mine[field])) {
      merge.merged[field] = theirs[field];
      merge.taken.push(field);
      continue;
    }
    const values = { mine: mine[field], theirs: theirs[field] };
    const joined = joins[field]?.(base[field], values.mine, values.theirs) ?? values;
    merge.merged[field] = joined.mine;
    if (isSame(joined.mine, joined.theirs)) merge.taken.push(field);
    else merge.clashes.push({ field, ...joined });
  }
  return merge;
}

/** Joins two changes of a list whose entries have keys: what only one of the two has changed of an entry is taken. */
export function joinLists<E>(keyOf: (entry: E) => string): Join<E[]> {
  return (base, mine, theirs) => {
    const [before, ours, others] = [base, mine, theirs].map((list) => new Map(list.map((each) => [keyOf(each), each])));
    const joined = (isMineFirst: boolean): E[] => {
      const keys = new Set([...theirs, ...mine].map(keyOf));
      return [...keys].flatMap((key) => {
        const [was, my, their] = [before?.get(key), ours?.get(key), others?.get(key)];
        if (isSame(was, my)) return their ?? [];
        if (isSame(was, their)) return my ?? [];
        return (isMineFirst ? my : their) ?? [];
      });
    };
    return { mine: joined(true), theirs: joined(false) };
  };
}

/** The fields of `changed` that differ from `base`. */
export function changedFields<T extends object>(base: T, changed: T): Partial<T> {
  const fields: Partial<T> = {};
  for (const field of changedNames(base, changed)) fields[field] = changed[field];
  return fields;
}

/** The names of the fields of `changed` that differ from `base`. */
export function changedNames<T extends object>(base: T, changed: T): (keyof T & string)[] {
  const names: (keyof T & string)[] = [];
  for (const field in base) if (!isSame(base[field], changed[field])) names.push(field);
  return names;
}

/** Whether two values are the same as JSON. */
export function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
