/** A longer text is no misspelt name. */
const MAX_LENGTH = 64;
const MAX_EDITS = 3;
/** The part of a word that may differ. */
const MAX_DIFFERENCE = 0.6;
/** A shorter beginning is that of too many words. */
const MIN_BEGINNING = 4;

/**
 * The known word that a misspelt or shortened one probably means, whatever its case; undefined when none is near. Messages show it
 * instead of the typed text, which may be a secret.
 */
export function nearestWord(typed: string, known: readonly string[]): string | undefined {
  if (typed.length > MAX_LENGTH) return undefined;
  const begun = typed.length < MIN_BEGINNING ? [] : known.filter((word) => beginsWith(word, typed));
  if (begun.length === 1) return begun[0];
  let nearest: { word: string; edits: number } | undefined;
  for (const word of known) {
    const edits = editsBetween(typed.toLowerCase(), word.toLowerCase());
    const isNear = edits <= MAX_EDITS && edits < MAX_DIFFERENCE * Math.max(typed.length, word.length);
    if (isNear && edits < (nearest?.edits ?? Infinity)) nearest = { word, edits };
  }
  return nearest?.word;
}

function beginsWith(word: string, typed: string): boolean {
  return word.toLowerCase().startsWith(typed.toLowerCase());
}

/** Least number of inserted, removed, replaced or swapped characters (optimal string alignment). */
function editsBetween(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = at(last, column - 1) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? at(beforeLast, column - 2) + 1 : Infinity;
      current.push(Math.min(at(last, column) + 1, at(current, column - 1) + 1, replaced, swapped));
    }
    beforeLast = last;
    last = current;
  }
  return at(last, to.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
