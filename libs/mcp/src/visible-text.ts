/** Characters that are neither control characters nor beyond ASCII: most texts have no others. */
const PLAIN = /^[ -~]*$/;
const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/** Control characters, and those that are invisible or change the direction of the text around them. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/gu;
/** Scripts that are misspelled without joiners. */
const JOINED =
  '[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}' +
  '\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}\\p{scx=Mymr}]';
const PICTURE = '[\\p{Extended_Pictographic}\\p{Emoji_Modifier}]';
/** Invisible characters that belong to what is visible: joiners within a word, and within and behind a picture. */
const NEEDED = new RegExp(
  `(?<=${JOINED})[\\u200c\\u200d](?=${JOINED})|(?<=${PICTURE}\\ufe0f?)\\u200d(?=${PICTURE})|(?<=${PICTURE})\\ufe0f`,
  'gu',
);

/**
 * The text as one line of what a person can see: line breaks become a space, and control, bidi and invisible characters are
 * left out.
 */
export function visibleLine(text: string): string {
  if (PLAIN.test(text)) return text;
  const line = text.replace(BREAKS, ' ');
  const needed = new Set([...line.matchAll(NEEDED)].map(({ index }) => index));
  return line.replace(HIDDEN, (hidden, index: number) => (needed.has(index) ? hidden : ''));
}

/** Brackets, and characters that look like them. */
const OPENING = /[[\uff3b\u3010\u3014\u3016\u3018\u301a\u27e6\u2772\u2045]/gu;
const CLOSING = /[\]\uff3d\u3011\u3015\u3017\u3019\u301b\u27e7\u2773\u2046]/gu;

/** The text with round brackets in place of square ones. */
export function withoutSquareBrackets(text: string): string {
  return text.replace(OPENING, '(').replace(CLOSING, ')');
}
