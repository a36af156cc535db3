import { editBetween, NEEDED_IN_WORDS, UNSEEN } from './hidden-characters.js';

/** Characters that are neither control characters nor beyond ASCII: most texts have no others. */
const PLAIN = /^[ -~]*$/;
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/** Also halves of characters, and those that are blank or draw nothing by themselves. */
const HIDDEN = new RegExp(String.raw`[\p{Cs}\u{2800}\u{13430}-\u{1343f}]|${UNSEEN}`, 'gv');
const NEEDED = new RegExp(NEEDED_IN_WORDS.join('|'), 'gv');

/**
 * The text as one line of what a person can see: line breaks become a space, and control, bidi and invisible characters are
 * left out.
 */
export function visibleLine(text: string): string {
  if (PLAIN.test(text)) return text;
  return editBetween(text.replace(BREAKS, ' '), NEEDED, (part) => part.replace(HIDDEN, ''));
}

/** Brackets, and characters that look like them. */
const OPENING = /[[\uff3b\u3010\u3014\u3016\u3018\u301a\u27e6\u2772\u2045]/gu;
const CLOSING = /[\]\uff3d\u3011\u3015\u3017\u3019\u301b\u27e7\u2773\u2046]/gu;

/** The text with round brackets in place of square ones. */
export function withoutSquareBrackets(text: string): string {
  return text.replace(OPENING, '(').replace(CLOSING, ')');
}
