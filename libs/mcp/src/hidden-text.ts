import type { HiddenCounts, HiddenKind, JsonValue } from '@lethe/contracts';
import { alone, editBetween, NEEDED_IN_WORDS, UNSEEN } from './hidden-characters.js';

const HAS_UNSEEN = new RegExp(UNSEEN, 'v');
const EVERY_UNSEEN = new RegExp(UNSEEN, 'gv');
const RIGHT_TO_LEFT =
  /[[\p{L}]&&[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{scx=Thaa}\p{scx=Nkoo}\p{scx=Adlm}\p{scx=Rohg}]]/v;

/** What writing needs in a text of any length: also soft hyphens, and a byte order mark at the beginning. */
const NEEDED = [String.raw`^\u{feff}`, alone(String.raw`\u{ad}`), ...NEEDED_IN_WORDS];
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
  if (!HAS_UNSEEN.test(text)) return counts;
  for (const [character] of text.replace(neededIn(text), '').matchAll(EVERY_UNSEEN)) {
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
    if (!HAS_UNSEEN.test(value)) return;
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
  if (!HAS_UNSEEN.test(text)) return text;
  return editBetween(text, neededIn(text), (part) => part.replace(EVERY_UNSEEN, asEscape));
}

/** One character written as `\u{202e}`. */
export function asEscape(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}

const HIDDEN_KINDS = ['invisible', 'bidi', 'control'] as const satisfies readonly HiddenKind[];

function neededIn(text: string): RegExp {
  return RIGHT_TO_LEFT.test(text) ? EVERY_NEEDED_BOTH_WAYS : EVERY_NEEDED;
}

function kindOf(character: string): HiddenKind {
  if (CONTROL.test(character)) return 'control';
  return DIRECTION.test(character) ? 'bidi' : 'invisible';
}
