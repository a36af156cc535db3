/** Longest word that is kept, in characters; of a longer one, its beginning. */
const MAX_WORD = 64;
/** More words of a question narrow nothing any more. */
const MAX_ASKED = 12;
/** Scripts that put no space between words: each character counts as one. */
const WORD =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]|[\p{L}\p{N}]+/gu;

/**
 * The words of a text in small letters, without accents. No word is left out or reduced to its stem, as by PostgreSQL's
 * configuration `simple`; but words are split here, so that those of a name and of a question about it are the same.
 */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}+/gu, '');
  return [...plain.matchAll(WORD)].map(([word]) => [...word.toLowerCase()].slice(0, MAX_WORD).join(''));
}

/** The words of a name: split at `_`, `-`, other signs, and where a capital letter begins one. */
export function nameWordsOf(name: string): string[] {
  const split = name.replaceAll(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2').replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2');
  return wordsOf(split);
}

/**
 * A question as a `tsquery`: all its words, each as a word or as the beginning of one. A single letter begins too many words to be
 * of use, so it is a whole word. Undefined if there are no words, and nothing can match.
 */
export function queryOf(question: string): string | undefined {
  const words = [...new Set(nameWordsOf(question))].slice(0, MAX_ASKED);
  return words.length === 0
    ? undefined
    : words.map((word) => (/^[a-z]$/.test(word) ? `'${word}'` : `'${word}':*`)).join(' & ');
}

/** Words of a text, and how much they count: `A` most. */
export type WeightedWords = readonly ['A' | 'B' | 'C' | 'D', readonly string[]];

/** Positions of a word that are kept: more of them change the rank no more. */
const MAX_POSITIONS = 4;

/** A `tsvector` in its text form. */
export function vectorOf(groups: readonly WeightedWords[]): string {
  const positions = new Map<string, string[]>();
  let position = 0;
  for (const [weight, words] of groups) {
    for (const word of words) {
      position += 1;
      const known = positions.get(word) ?? [];
      if (known.length < MAX_POSITIONS) positions.set(word, [...known, `${position}${weight}`]);
    }
  }
  return [...positions].map(([word, at]) => `'${word}':${at.join(',')}`).join(' ');
}
