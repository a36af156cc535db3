/** Longest glob, and the most stars that one may have. */
export const GLOB_LIMITS = { length: 200, stars: 8 } as const;

const ANY_TEXT = Symbol('any text');
const ANY_CHARACTER = Symbol('any character');
type GlobPart = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

/** Whether a glob has few enough stars. */
export function hasFewStars(glob: unknown): boolean {
  return typeof glob === 'string' && partsOf(glob).filter((part) => part === ANY_TEXT).length <= GLOB_LIMITS.stars;
}

/**
 * Matches whole names against globs: `*` is any text, also with slashes, `?` is one character, and a character after `\`
 * is itself, as is every other one. A match takes at most length of glob times length of name steps: no regular expression
 * is made, in which some globs would take minutes for a long name.
 */
export function nameMatcher(globs: readonly string[]): (name: string) => boolean {
  const parsed = globs.map(partsOf);
  return (name) => {
    const characters = [...name];
    return parsed.some((glob) => isMatch(glob, characters));
  };
}

function partsOf(glob: string): GlobPart[] {
  const parts: GlobPart[] = [];
  let isEscaped = false;
  for (const character of glob) {
    if (!isEscaped && character === '\\') {
      isEscaped = true;
      continue;
    }
    const isStar = !isEscaped && character === '*';
    const single = !isEscaped && character === '?' ? ANY_CHARACTER : character;
    parts.push(isStar ? ANY_TEXT : single);
    isEscaped = false;
  }
  return isEscaped ? [...parts, '\\'] : parts;
}

/** Only the last star before a mismatch takes one more character: what the stars before it took can stay as it is. */
function isMatch(glob: readonly GlobPart[], name: readonly string[]): boolean {
  let [at, part, star, starEnd] = [0, 0, -1, 0];
  while (at < name.length) {
    const wanted = glob[part];
    if (wanted === ANY_TEXT) {
      [star, starEnd] = [part, at];
      part += 1;
    } else if (wanted === ANY_CHARACTER || wanted === name[at]) {
      at += 1;
      part += 1;
    } else if (star >= 0) {
      starEnd += 1;
      [at, part] = [starEnd, star + 1];
    } else return false;
  }
  return glob.slice(part).every((rest) => rest === ANY_TEXT);
}
