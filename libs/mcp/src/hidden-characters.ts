/**
 * A character that is not seen, or that moves or changes others, and may be legitimate. For regular expressions with the flag
 * `v`, as everything here.
 */
export const UNSEEN = String.raw`(?![\t\n\r])[\p{Cc}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]`;

/** Letters and marks of scripts whose letters join, or that form clusters. */
const JOINING = String.raw`[[\p{L}\p{M}]&&[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Java}\p{scx=Bali}]]`;
/** Letters and marks of scripts that put no space between words. */
const UNSPACED = String.raw`[[\p{L}\p{M}]&&[\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]`;

/** A character that stands alone: two of them in a row would be a code. */
export const alone = (character: string): string => `(?<!${UNSEEN})${character}(?!${UNSEEN})`;

/**
 * What words and pictures are written with, each alternative with a look at its neighbours only, so that a text is read once:
 * variation selectors and joiners of emoji, flags of regions, joiners of scripts (The Unicode Standard, section 23.2), word
 * breaks of scripts without spaces.
 */
export const NEEDED_IN_WORDS: readonly string[] = [
  String.raw`\p{RGI_Emoji_Tag_Sequence}`,
  String.raw`(?<=[0-9#*])\u{fe0f}(?=\u{20e3})`,
  String.raw`(?<=[[\p{Emoji}\p{Extended_Pictographic}]--[0-9#*]])[\u{fe0e}\u{fe0f}]`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}])\u{200d}(?=\p{Extended_Pictographic})`,
  String.raw`(?<=[\p{Sm}\p{sc=Han}])[\u{fe00}-\u{fe02}]`,
  String.raw`(?<=${JOINING})${alone(String.raw`[\u{200c}\u{200d}]`)}`,
  String.raw`(?<=[\p{L}&&\p{scx=Mong}])[\u{180b}-\u{180f}]`,
  String.raw`(?<=${UNSPACED})\u{200b}(?=${UNSPACED})`,
];

/** The text with all parts edited that `needed` does not match. */
export function editBetween(text: string, needed: RegExp, edit: (part: string) => string): string {
  let edited = '';
  let from = 0;
  for (const match of text.matchAll(needed)) {
    edited += edit(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return edited + edit(text.slice(from));
}
