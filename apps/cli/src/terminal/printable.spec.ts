import { describe, expect, it } from 'vitest';
import { columns, printable, printableJson } from './printable.js';

describe('text of others', () => {
  it.each([
    ['\u001b[2J\u001b[31mred', String.raw`\u{1b}[2J\u{1b}[31mred`],
    ['a\r\nb\u2028', String.raw`a\u{d}\u{a}b\u{2028}`],
    ['user\u202egnp.exe', String.raw`user\u{202e}gnp.exe`],
    ['zero\u200bwidth', String.raw`zero\u{200b}width`],
    ['größe 日本語 🔑 👩\u200d💻', 'größe 日本語 🔑 👩\u200d💻'],
  ])('steers no terminal: %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('is still the same JSON, with escapes', () => {
    const value = { a: 'user\u202egnp.exe \u009b2J \u{e0061} ü', b: ['\u001b', '\n'] };
    const json = printableJson(JSON.stringify(value, null, 2));
    expect(json).toMatch(/^[\n\x20-\x7eü]*$/);
    expect(JSON.parse(json)).toEqual(value);
  });

  it('is aligned in columns', () => {
    expect(columns([['a', 'bb', ''], ['aaa', 'b']])).toEqual(['a    bb', 'aaa  b']);
    expect(columns([['\u202e', 'b'], ['a', 'b']])).toEqual([String.raw`\u{202e}  b`, 'a         b']);
  }); // prettier-ignore
});
