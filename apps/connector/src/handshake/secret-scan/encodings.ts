/**
 * Yields every form of a text in which a secret may hide: the text itself, without white space, and with
 * percent-encoding, JSON escapes, base64 (at each alignment) or hex decoded. All forms are lower case, as UTF-8 bytes
 * in a latin1 string.
 */
export function* decodedForms(text: string): Generator<string> {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  const compact = bytes.replace(/\s+/g, '');
  const spellings = compact === bytes ? [bytes] : [bytes, compact];
  for (const spelling of spellings) {
    yield spelling.toLowerCase();
    if (spelling.includes('%')) yield undoPercent(spelling).toLowerCase();
    if (spelling.includes('\\')) yield undoEscapes(spelling).toLowerCase();
    yield* decodedRuns(spelling, BASE64_RUN, 4, (run) => Buffer.from(run, 'base64'));
    yield* decodedRuns(spelling, HEX_RUN, 2, (run) => Buffer.from(run, 'hex'));
  }
}

/** Long enough to hold 8 bytes, the shortest secret that is searched for. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{11,}/g;
const HEX_RUN = /[0-9A-Fa-f]{16,}/g;

function* decodedRuns(
  text: string,
  pattern: RegExp,
  alignments: number,
  decode: (run: string) => Buffer,
): Generator<string> {
  for (const [run] of text.matchAll(pattern)) {
    for (let alignment = 0; alignment < alignments; alignment += 1) {
      yield decode(run.slice(alignment)).toString('latin1').toLowerCase();
    }
  }
}

function undoPercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function undoEscapes(text: string): string {
  return text
    .replace(/\\u([0-9A-Fa-f]{4})/g, (_, hex: string) => toLatin1(String.fromCharCode(Number.parseInt(hex, 16))))
    .replace(/\\x([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\(["'\\/])/g, '$1');
}

function toLatin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
