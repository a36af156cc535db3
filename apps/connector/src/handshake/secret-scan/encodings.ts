import { MIN_SECRET_LENGTH } from './secret-parts.js';
import { withoutEscapes } from './escapes.js';

/** How many encodings on top of each other are undone. */
const MAX_LAYERS = 2;

/** Long enough to hold 8 bytes, the shortest secret that is searched for. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{11,}/g;
const HEX_RUN = /[0-9A-Fa-f]{16,}/g;
const BASE32_RUN = /[A-Z2-7]{13,}|[a-z2-7]{13,}/g;
/** Text in which another layer may hide: all encodings are of visible ASCII. */
const VISIBLE_RUN = /[\x20-\x7e]{8,}/g;

/**
 * Yields every form of a text in which a secret may hide: the text itself, without white space, and without anything but
 * letters and digits; and the same of what results when up to two layers of escapes, base64, base32 (at each alignment) or
 * hex are undone. All forms are lower case, as UTF-8 bytes in a latin1 string. The work is bounded: decoded bytes are looked
 * into once more only where they are visible text, which happens at one alignment at most.
 */
export function* decodedForms(text: string): Generator<string> {
  if (text.length < MIN_SECRET_LENGTH) return;
  yield* formsOf(Buffer.from(text, 'utf8').toString('latin1'), MAX_LAYERS);
}

function* formsOf(text: string, layers: number): Generator<string> {
  for (const spelling of spellingsOf(text)) yield spelling.toLowerCase();
  if (layers === 0) return;
  for (const decoded of withoutEscapes(text)) yield* formsOf(decoded, layers - 1);
  for (const decoded of decodedRuns(text)) {
    const visible = layers > 1 ? (decoded.match(VISIBLE_RUN) ?? []) : [];
    if (visible.length > 0) yield* formsOf(visible.join('\n'), layers - 1);
    yield decoded.toLowerCase();
  }
}

/** The text, without white space, and with letters and digits only; each once. */
function spellingsOf(text: string): string[] {
  const compact = text.replace(/\s+/g, '');
  return [...new Set([text, compact, lettersAndDigits(compact)])];
}

function lettersAndDigits(text: string): string {
  return text.replace(/[^A-Za-z0-9\x80-\xff]+/g, '');
}

/** All runs in one encoding, decoded at one alignment, are one text. */
function* decodedRuns(text: string): Generator<string> {
  const [, ...denser] = spellingsOf(text);
  for (const spelling of [text, ...denser]) {
    yield* decoded(spelling.match(BASE64_RUN), 4, (run) => Buffer.from(run, 'base64').toString('latin1'));
    yield* decoded(spelling.match(HEX_RUN), 2, (run) => Buffer.from(run, 'hex').toString('latin1'));
    yield* decoded(spelling.match(BASE32_RUN), 8, fromBase32);
  }
}

function* decoded(runs: string[] | null, alignments: number, decode: (run: string) => string): Generator<string> {
  if (runs === null) return;
  for (let alignment = 0; alignment < alignments; alignment += 1) {
    yield runs.map((run) => decode(run.slice(alignment))).join('\n');
  }
}

/** RFC 4648, section 6, in either case and without padding. */
function fromBase32(run: string): string {
  const bytes = Buffer.alloc(Math.floor((run.length * 5) / 8));
  let bits = 0;
  let count = 0;
  let at = 0;
  for (let index = 0; index < run.length; index += 1) {
    const code = run.charCodeAt(index);
    // Letters in either case; the digits 2 to 7 follow them.
    const value = code >= 0x41 ? (code & 0x1f) - 1 : code - 24;
    bits = ((bits << 5) | value) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes[at] = (bits >> count) & 0xff;
    at += 1;
  }
  return bytes.toString('latin1');
}
