import { describe, expect, it } from 'vitest';
import { hiddenInText, hiddenInValue, hiddenTexts, showHidden } from './hidden-text.js';

describe('text that hides nothing', () => {
  it.each<[string, string]>([
    ['lines and tabs', 'First\r\n\tsecond\n'],
    ['emoji with a variation selector', 'Careful \u26a0\ufe0f, \u2714\ufe0e done'],
    ['a keycap', 'Press 1\ufe0f\u20e3 or #\ufe0f\u20e3'],
    ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
    ['a profession with a skin tone', '\u{1f469}\u{1f3fd}\u200d\u{1f4bb}'],
    ['the rainbow flag', '\u{1f3f3}\ufe0f\u200d\u{1f308}'],
    ['red hair', '\u{1f468}\u200d\u{1f9b0}'],
    ['the flag of Scotland', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['Persian', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
    ['an initial form', '\u0647\u200d'],
    ['Devanagari', '\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937'],
    ['Sinhala', '\u0dc1\u0dca\u200d\u0dbb\u0dd3'],
    ['Mongolian', '\u1820\u180b\u1828\u180e\u1820'],
    ['Khmer words', '\u1781\u17d2\u1789\u17bb\u17c6\u200b\u1785\u1784\u17cb'],
    ['marks in Hebrew', '\u05d0\u05d1 C++\u200e \u05d2 \u200f(x)'],
    ['a soft hyphen', 'Donau\u00addampf\u00adschiff'],
    ['a byte order mark', '\ufeffText'],
    ['a variant of a sign', '\u2229\ufe00'],
    ['Arabic numbers and other visible format characters', '\u0600\u0661 \u06dd'],
    ['spaces of every width', 'a\u00a0b\u3000c\u2009d\u202fe'],
  ])('%s', (_what, text) => {
    expect(hiddenInText(text)).toEqual({});
    expect(showHidden(text)).toBe(text);
  });
});

describe('text that hides something', () => {
  it.each<[string, string, object, string]>([
    ['an override', 'user\u202egnp.exe', { bidi: 1 }, String.raw`user\u{202e}gnp.exe`],
    ['isolates, also in Hebrew', '\u2066\u05d0\u2069', { bidi: 2 }, '\\u{2066}\u05d0\\u{2069}'],
    ['a mark of direction without such letters', 'a\u200fb', { bidi: 1 }, String.raw`a\u{200f}b`],
    ['marks of direction in a row', '\u05d0\u200e\u200f', { bidi: 2 }, '\u05d0\\u{200e}\\u{200f}'],
    ['tags', 'x\u{e0061}\u{e0062}', { invisible: 2 }, String.raw`x\u{e0061}\u{e0062}`],
    [
      'a text in a flag',
      '\u{1f3f4}\u{e0065}\u{e0076}\u{e0069}\u{e006c}\u{e007f}',
      { invisible: 5 },
      '\u{1f3f4}\\u{e0065}\\u{e0076}\\u{e0069}\\u{e006c}\\u{e007f}',
    ],
    ['a zero width space', 'zero\u200bwidth', { invisible: 1 }, String.raw`zero\u{200b}width`],
    ['joiners between Latin letters', 'a\u200db\u200cc', { invisible: 2 }, String.raw`a\u{200d}b\u{200c}c`],
    [
      'joiners in a row, also in Persian',
      '\u0645\u200c\u200d\u0645',
      { invisible: 2 },
      '\u0645\\u{200c}\\u{200d}\u0645',
    ],
    ['a joiner behind an emoji', '\u{1f600}\u200d', { invisible: 1 }, '\u{1f600}\\u{200d}'],
    ['a word joiner and operators', 'a\u2060b\u2063', { invisible: 2 }, String.raw`a\u{2060}b\u{2063}`],
    ['variation selectors behind letters', 'a\ufe0fb\u{e0101}', { invisible: 2 }, String.raw`a\u{fe0f}b\u{e0101}`],
    ['variation selectors in a row', '\u26a0\ufe0f\ufe0f\ufe0e', { invisible: 2 }, '\u26a0\ufe0f\\u{fe0f}\\u{fe0e}'],
    ['fillers of Hangul', '\u3164\uffa0\u115f', { invisible: 3 }, String.raw`\u{3164}\u{ffa0}\u{115f}`],
    ['soft hyphens in a row', 'a\u00ad\u00adb', { invisible: 2 }, String.raw`a\u{ad}\u{ad}b`],
    ['a byte order mark inside', 'a\ufeffb', { invisible: 1 }, String.raw`a\u{feff}b`],
    ['an escape sequence', '\u001b[2J', { control: 1 }, String.raw`\u{1b}[2J`],
    ['controls of both sets', '\0\u0008\u007f\u009b', { control: 4 }, String.raw`\u{0}\u{8}\u{7f}\u{9b}`],
    ['annotations', '\ufff9a\ufffab\ufffb', { invisible: 3 }, String.raw`\u{fff9}a\u{fffa}b\u{fffb}`],
  ])('%s', (_what, text, found, shown) => {
    expect(hiddenInText(text)).toEqual(found);
    expect(showHidden(text)).toBe(shown);
  });

  it('is found in every text and name of a value, at its place', () => {
    const value = { ok: 'x', list: ['a', 'b\u200b'], 'n/a\u202e': { '~': '\u001b' } };
    expect(hiddenInValue(value)).toEqual({ invisible: 1, bidi: 1, control: 1 });
    expect([...hiddenTexts(value)].map(({ pointer }) => pointer)).toEqual(['/list/1', '/n~1a\u202e', '/n~1a\u202e/~0']);
    expect(hiddenInValue(JSON.parse(String.raw`{"a":"\u202e"}`))).toEqual({ bidi: 1 });
    expect(hiddenInValue(undefined)).toEqual({});
  });

  it('is searched for in the time of one reading', () => {
    const begin = performance.now();
    for (const unit of [
      '\u200d',
      '\u05d0\u200e',
      '\u{1f468}\u200d',
      '\u{1f3f4}\u{e0067}',
      '\u0645\u200c',
      '\u00ad',
      'ab ',
    ]) {
      hiddenInText(unit.repeat(400_000));
    }
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});
