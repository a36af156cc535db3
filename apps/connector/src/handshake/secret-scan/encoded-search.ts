import { RADIX_ENCODINGS, decodeRuns, runsIn } from './radix-encodings.js';
import { byteClass, keep, keepRuns } from './byte-classes.js';
import { UNESCAPES } from './escapes.js';
import { removeSeparators } from './separators.js';
import type { SecretMatcher } from './secret-matcher.js';
import { MIN_SECRET_LENGTH } from './secret-parts.js';

/** How many encodings on top of each other are undone. */
const MAX_LAYERS = 2;
/** Text in which another layer may hide: all encodings are of visible ASCII and white space. */
const VISIBLE = byteClass(/[\t\n\r\x20-\x7e]/);
const MIN_VISIBLE = 9;
const NOT_SPACE = byteClass(/\S/);
const DENSE = byteClass(/[A-Za-z0-9\x80-\xff]/);

/** Where one layer writes what it makes of a text. */
class Workspace {
  compact = new Uint8Array(0);
  dense = new Uint8Array(0);
  decoded = new Uint8Array(0);
  visible = new Uint8Array(0);

  /** A line break follows each run. */
  reserve(length: number): void {
    if (this.compact.length >= length) return;
    for (const name of ['compact', 'dense', 'decoded', 'visible'] as const) this[name] = new Uint8Array(2 * length);
  }
}

/**
 * Searches texts for secrets: as they are, without white space, and without anything but letters and digits; and the same of
 * what results when up to two layers of escapes, separators, base64, base32 (at each alignment) or hex are undone. The work
 * is bounded: decoded bytes are looked into once more only where they are visible text, which happens at one alignment at most.
 */
export class EncodedSearch {
  private readonly workspaces = Array.from({ length: MAX_LAYERS + 1 }, () => new Workspace());

  constructor(private readonly matcher: SecretMatcher) {}

  contains(text: string): boolean {
    if (text.length < MIN_SECRET_LENGTH) return false;
    const bytes = Buffer.from(text, 'utf8');
    for (const workspace of this.workspaces) workspace.reserve(bytes.length + 1);
    return this.search(bytes, MAX_LAYERS);
  }

  private search(bytes: Uint8Array, layers: number): boolean {
    const space = this.workspaces[layers];
    if (space === undefined || bytes.length < MIN_SECRET_LENGTH) return false;
    const compact = space.compact.subarray(0, keep(bytes, NOT_SPACE, space.compact));
    const dense = space.dense.subarray(0, keep(compact, DENSE, space.dense));
    const spellings = distinct([bytes, compact, dense]);
    if (spellings.some((spelling) => this.matcher.matches(spelling))) return true;
    if (layers === 0) return false;
    return spellings.some((spelling) => {
      const isDense = spelling === dense;
      const isUnescaped = !isDense && this.searchUnescaped(spelling, layers, space);
      return isUnescaped || this.searchDecoded(spelling, isDense, layers, space);
    });
  }

  private searchUnescaped(bytes: Uint8Array, layers: number, { decoded }: Workspace): boolean {
    return [...UNESCAPES, removeSeparators].some((unescape) => {
      const length = unescape(bytes, decoded);
      return length > 0 && this.search(decoded.subarray(0, length), layers - 1);
    });
  }

  private searchDecoded(bytes: Uint8Array, isDense: boolean, layers: number, space: Workspace): boolean {
    for (const code of RADIX_ENCODINGS.filter((each) => each.isDense || !isDense)) {
      for (const runs of runsIn(bytes, code)) {
        for (let alignment = 0; alignment < code.alignments; alignment += 1) {
          const decoded = space.decoded.subarray(0, decodeRuns(bytes, runs, code, alignment, space.decoded));
          if (this.matcher.matches(decoded) || this.searchVisible(decoded, layers, space)) return true;
        }
      }
    }
    return false;
  }

  private searchVisible(decoded: Uint8Array, layers: number, { visible }: Workspace): boolean {
    if (layers === 1) return false;
    const length = keepRuns(decoded, VISIBLE, MIN_VISIBLE, visible);
    return length > 0 && this.search(visible.subarray(0, length), layers - 1);
  }
}

/** Each spelling is made of the one before, so equal lengths mean equal texts. */
function distinct(spellings: readonly Uint8Array[]): Uint8Array[] {
  return spellings.filter(({ length }, index) => length !== spellings[index - 1]?.length);
}
