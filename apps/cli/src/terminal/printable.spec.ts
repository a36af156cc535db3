import { describe, expect, it } from 'vitest';
import { columns, printable } from './printable.js';

describe('text of others', () => {
  it.each([
    ['\u001b[2J\u001b[31mred', '·[2J·[31mred'],
    ['a\r\nb', 'a··b'],
    ['user\u202egnp.exe', 'user·gnp.exe'],
    ['zero\u200bwidth', 'zero·width'],
    ['größe 日本語 🔑', 'größe 日本語 🔑'],
  ])('steers no terminal: %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('is aligned in columns', () => {
    expect(columns([['a', 'bb', ''], ['aaa', 'b']])).toEqual(['a    bb', 'aaa  b']);
  }); // prettier-ignore
});
