import { describe, expect, it } from 'vitest';
import { visibleLine, withoutSquareBrackets } from './visible-text.js';

describe('visibleLine', () => {
  it.each([
    ['Really delete it?', 'Really delete it?'],
    ['one\r\n\ttwo\u2028three\u0085four', 'one two three four'],
    ['\u001b[31mred\u0007\u009b0m', '[31mred0m'],
    ['pay \u202e001\u202c \u2066x\u2069', 'pay 001 x'],
    ['a\u200bb\u200dc\ufeffd\u00ade\u2060f\u{e0041}\u3164\u115f\u2800', 'abcdef'],
    ['a\ufe0f\ufe00\u{e0100}', 'a'],
    ['half \ud83d', 'half '],
    ['Zürich 東京 \u00a0ok', 'Zürich 東京 \u00a0ok'],
  ])('makes %j %j', (given, visible) => {
    expect(visibleLine(given)).toBe(visible);
  });

  it.each(['می\u200cخواهم', 'क्\u200dष', '👩\u200d👩\u200d👧', '❤\ufe0f\u200d🔥', '👩🏽\u200d🚀'])(
    'keeps %s as it is written',
    (text) => {
      expect(visibleLine(text)).toBe(text);
    },
  );
});

describe('withoutSquareBrackets', () => {
  it('leaves no bracket that looks square', () => {
    expect(withoutSquareBrackets('] [Bank] ［Bank］ 【Bank】 〔Bank〕 (y)')).toBe(') (Bank) (Bank) (Bank) (Bank) (y)');
  });
});
