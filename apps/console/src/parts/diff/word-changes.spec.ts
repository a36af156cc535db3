import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Piece, wordChanges } from './word-changes.js';

const shown = (pieces: Piece[]): string =>
  pieces.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join('');
const whole = (pieces: Piece[]): string => pieces.map(({ text }) => text).join('');
const kept = (pieces: Piece[]): string => pieces.map(({ text, isChanged }) => (isChanged ? '' : text)).join('');

describe('wordChanges', () => {
  it.each([
    ['Sends a mail.', 'Sends a letter.', 'Sends a [mail].', 'Sends a [letter].'],
    ['one two', 'one two', 'one two', 'one two'],
    ['', 'new text', '', '[new text]'],
    ['Reads files', 'Reads and writes files', 'Reads files', 'Reads [and writes ]files'],
    ['max: 10', 'max: 20', 'max: [10]', 'max: [20]'],
  ])('marks what differs between %j and %j', (before, after, left, right) => {
    const changes = wordChanges(before, after);
    expect([shown(changes.before), shown(changes.after)]).toEqual([left, right]);
  });

  it('loses nothing of both texts, and marks the same text as unchanged in both', () => {
    const text = fc.array(fc.constantFrom('a', 'b', ' ', 'word', '.', '\u{1f600}', '\n')).map((each) => each.join(''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        const changes = wordChanges(before, after);
        expect(whole(changes.before)).toBe(before);
        expect(whole(changes.after)).toBe(after);
        const words = (pieces: Piece[]): string => kept(pieces).replace(/\s/g, '');
        expect(words(changes.before)).toBe(words(changes.after));
      }),
    );
  });

  it('compares texts of any length within a moment', () => {
    const long = Array.from({ length: 50_000 }, (_, index) => `w${index}`).join(' ');
    const other = long.replaceAll('w', 'v');
    expect(shown(wordChanges(long, other).before)).toBe(`[${long}]`);
    expect(shown(wordChanges(long, `${long} end`).after)).toBe(`${long}[ end]`);
  });
});
