import type { HiddenCounts, HiddenKind, JsonValue } from '@lethe/contracts';

/** Characters that are not seen, or that move or change others, and may be legitimate. */
const UNSEEN = /(?![\t\n\r])[\p{Cc}\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/v;
const EVERY_UNSEEN = new RegExp(UNSEEN, 'gv');

/** Letters and marks of scripts whose letters join, or that form clusters. */
const JOINING = String.raw`[[\p{L}\p{M}]&&[\p{scx=Arab}\p{scx=Syrc}\p{scx=Nkoo}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Java}\p{scx=Bali}]]`;
/** Letters and marks of scripts that put no space between words. */
const UNSPACED = String.raw`[[\p{L}\p{M}]&&[\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]]`;
const RIGHT_TO_LEFT =
  /[[\p{L}]&&[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{scx=Thaa}\p{scx=Nkoo}\p{scx=Adlm}\p{scx=Rohg}]]/v;

/** A character that stands alone: two of them in a row would be a code. */
const alone = (character: string): string => `(?<!${UNSEEN.source})${character}(?!${UNSEEN.source})`;

/**
 * What writing needs, each alternative with a look at its neighbours only, so that a text is read once: variation selectors
 * and joiners of emoji, flags of regions, joiners of scripts (The Unicode Standard, section 23.2), word breaks of scripts
 * without spaces, soft hyphens, a byte order mark at the beginning.
 */
const NEEDED = [
  String.raw`^\u{feff}`,
  alone(String.raw`\u{ad}`),
  String.raw`\p{RGI_Emoji_Tag_Sequence}`,
  String.raw`(?<=[0-9#*])\u{fe0f}(?=\u{20e3})`,
  String.raw`(?<=[[\p{Emoji}\p{Extended_Pictographic}]--[0-9#*]])[\u{fe0e}\u{fe0f}]`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}])\u{200d}(?=\p{Extended_Pictographic})`,
  String.raw`(?<=[\p{Sm}\p{sc=Han}])[\u{fe00}-\u{fe02}]`,
  String.raw`(?<=${JOINING})${alone(String.raw`[\u{200c}\u{200d}]`)}`,
  String.raw`(?<=[\p{L}&&\p{scx=Mong}])[\u{180b}-\u{180f}]`,
  String.raw`(?<=${UNSPACED})\u{200b}(?=${UNSPACED})`,
];
const EVERY_NEEDED = new RegExp(NEEDED.join('|'), 'gv');
/** The same for a text with letters that are written from right to left: it also needs marks of direction. */
const EVERY_NEEDED_BOTH_WAYS = new RegExp([...NEEDED, alone(String.raw`[\u{200e}\u{200f}\u{61c}]`)].join('|'), 'gv');

const CONTROL = /\p{Cc}/v;
const DIRECTION = /\p{Bidi_Control}/v;

/**
 * Counts what a text hides from people, but not from models: `control` characters (also the one that begins an escape
 * sequence), `bidi` characters that show a text in another order, and `invisible` ones. What writing needs is not counted.
 */
export function hiddenInText(text: string): HiddenCounts {
  const counts: HiddenCounts = {};
  if (!UNSEEN.test(text)) return counts;
  for (const [character] of withoutNeeded(text, '').matchAll(EVERY_UNSEEN)) {
    const kind = kindOf(character);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** As `hiddenInText`, for all texts and names of members in a value. */
export function hiddenInValue(value: JsonValue | undefined): HiddenCounts {
  const counts: HiddenCounts = {};
  for (const { found } of hiddenTexts(value)) {
    for (const kind of HIDDEN_KINDS) {
      const count = (counts[kind] ?? 0) + (found[kind] ?? 0);
      if (count > 0) counts[kind] = count;
    }
  }
  return counts;
}

/** The texts and names of members that hide something, each with its JSON pointer (RFC 6901) in the value. */
export function* hiddenTexts(
  value: JsonValue | undefined,
  pointer = '',
): Generator<{ pointer: string; text: string; found: HiddenCounts }> {
  if (typeof value === 'string') {
    if (!UNSEEN.test(value)) return;
    const found = hiddenInText(value);
    if (hidesSomething(found)) yield { pointer, text: value, found };
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (!Array.isArray(value)) yield* hiddenTexts(name, at);
      yield* hiddenTexts(member, at);
    }
  }
}

/** Whether anything was found. */
export function hidesSomething(found: HiddenCounts): boolean {
  return HIDDEN_KINDS.some((kind) => found[kind] !== undefined);
}

/** The text with what it hides written as `\u{202e}`, so that people see it. */
export function showHidden(text: string): string {
  if (!UNSEEN.test(text)) return text;
  const needed = text.matchAll(neededIn(text));
  let shown = '';
  let from = 0;
  for (const match of needed) {
    shown += escaped(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return shown + escaped(text.slice(from));
}

const HIDDEN_KINDS = ['invisible', 'bidi', 'control'] as const satisfies readonly HiddenKind[];

function withoutNeeded(text: string, instead: string): string {
  return text.replace(neededIn(text), instead);
}

function neededIn(text: string): RegExp {
  return RIGHT_TO_LEFT.test(text) ? EVERY_NEEDED_BOTH_WAYS : EVERY_NEEDED;
}

function kindOf(character: string): HiddenKind {
  if (CONTROL.test(character)) return 'control';
  return DIRECTION.test(character) ? 'bidi' : 'invisible';
}

function escaped(text: string): string {
  return text.replace(EVERY_UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`);
}
