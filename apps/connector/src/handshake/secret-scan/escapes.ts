/** Named character references of ASCII punctuation (HTML 13.5). Letters and digits have none. */
const NAMED: Readonly<Record<string, string>> = {
  ...{ excl: '!', quot: '"', num: '#', dollar: '$', percnt: '%', amp: '&', apos: "'", lpar: '(', rpar: ')', ast: '*' },
  ...{
    midast: '*',
    plus: '+',
    comma: ',',
    period: '.',
    sol: '/',
    colon: ':',
    semi: ';',
    lt: '<',
    equals: '=',
    gt: '>',
  },
  ...{ quest: '?', commat: '@', lsqb: '[', lbrack: '[', bsol: '\\', rsqb: ']', rbrack: ']', hat: '^', lowbar: '_' },
  ...{ underbar: '_', grave: '`', lcub: '{', lbrace: '{', verbar: '|', vert: '|', rcub: '}', rbrace: '}', nbsp: ' ' },
};
const ENTITY = /&(?:#(\d{1,7});?|#[xX]([0-9A-Fa-f]{1,6});?|([A-Za-z]{2,8});)/g;
const PERCENT = /%(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))/g;
const ESCAPE =
  /\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([0-3]?[0-7]{1,2})|(["'\\/]))/g;
/** Characters with the same separator after each of them: `s-e-c-r-e-t`. */
const SEPARATED = /[^\s]([-\s._:|,/·])(?:[^\s]\1){6,}[^\s]?/g;

/**
 * The texts that one layer of escapes may hide, all as UTF-8 bytes in latin1 strings: percent-encoding, escapes of
 * programming languages, character references of HTML, and a separator after each character.
 */
export function withoutEscapes(text: string): string[] {
  const decoded = [
    ...(text.includes('%') ? [text.replace(PERCENT, (_, wide?: string, byte?: string) => percent(wide, byte))] : []),
    ...(text.includes('\\') ? [text.replace(ESCAPE, (_, ...groups: (string | undefined)[]) => escape(groups))] : []),
    ...(text.includes('&')
      ? [text.replace(ENTITY, (whole, ...groups: (string | undefined)[]) => entity(whole, groups))]
      : []),
    text.replace(SEPARATED, (run) => everySecond(run)),
  ];
  return decoded.filter((each) => each !== text);
}

function percent(wide?: string, byte?: string): string {
  return wide === undefined ? String.fromCharCode(Number.parseInt(byte ?? '', 16)) : bytesOf(Number.parseInt(wide, 16));
}

function escape([braced, four, eight, two, octal, itself]: (string | undefined)[]): string {
  if (itself !== undefined) return itself;
  // These two are bytes; the others are code points.
  if (two !== undefined) return String.fromCharCode(Number.parseInt(two, 16));
  if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
  return bytesOf(Number.parseInt(braced ?? four ?? eight ?? '', 16));
}

function entity(whole: string, [decimal, hex, name]: (string | undefined)[]): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  return bytesOf(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
}

function everySecond(run: string): string {
  let kept = '';
  for (let at = 0; at < run.length; at += 2) kept += run.charAt(at);
  return kept;
}

function bytesOf(codePoint: number): string {
  if (codePoint < 0x80) return String.fromCharCode(codePoint);
  return codePoint > 0x10ffff ? '' : Buffer.from(String.fromCodePoint(codePoint), 'utf8').toString('latin1');
}
