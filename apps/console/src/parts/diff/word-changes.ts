/** A piece of a text, and whether the other text has it too. */
export interface Piece {
  text: string;
  isChanged: boolean;
}

/** Two texts, each with what the other one does not have marked. */
export interface WordChanges {
  before: Piece[];
  after: Piece[];
}

/** Words, spaces and every other character alone. */
const WORDS = /[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu;
/** Largest table that is compared: beyond it, all between the common beginning and end counts as changed. */
const MOST_CELLS = 1_000_000;

/** Compares two texts word by word, by their longest common subsequence. */
export function wordChanges(before: string, after: string): WordChanges {
  const [a, b] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []];
  const start = commonLength(a, b);
  const end = commonLength(a.slice(start).reverse(), b.slice(start).reverse());
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const common = middleA.length * middleB.length > MOST_CELLS ? NOTHING_COMMON : commonWords(middleA, middleB);
  const inWhole = (words: readonly string[], isCommon: ReadonlySet<number>): Piece[] =>
    joined(
      words.map((text, index) => ({
        text,
        isChanged: index >= start && index < words.length - end && !isCommon.has(index - start),
      })),
    );
  return { before: inWhole(a, common.before), after: inWhole(b, common.after) };
}

interface Common {
  before: ReadonlySet<number>;
  after: ReadonlySet<number>;
}

const NOTHING_COMMON: Common = { before: new Set(), after: new Set() };

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

/** Positions of a longest common subsequence in both. */
function commonWords(a: readonly string[], b: readonly string[]): Common {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number): number => lengths[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const [before, after] = [new Set<number>(), new Set<number>()];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      before.add(i++);
      after.add(j++);
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return { before, after };
}

/** Neighbours of one kind together; a space between two changed words is changed with them. */
function joined(words: readonly Piece[]): Piece[] {
  const pieces: Piece[] = [];
  words.forEach(({ text, isChanged }, index) => {
    const isBetween =
      text.trim() === '' && words[index - 1]?.isChanged === true && words[index + 1]?.isChanged === true;
    const last = pieces.at(-1);
    if (last?.isChanged === (isChanged || isBetween)) last.text += text;
    else pieces.push({ text, isChanged: isChanged || isBetween });
  });
  return pieces;
}
