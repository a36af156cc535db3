import { describe, expect, it } from 'vitest';
import { byteLimits, fitInstructions, MAX_INSTRUCTIONS_BYTES, shortened, withoutTopHeadings } from './instructions.js';

const bytes = (text: string) => Buffer.byteLength(text);
const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, n) => `Paragraph ${n} `.repeat(10).trim()).join('\n\n');

describe('instructions of upstreams', () => {
  it('stay as they are while they fit together', () => {
    const texts = ['a', 'é'.repeat(100), paragraphs(20)];
    expect(fitInstructions(texts)).toEqual(texts);
  });

  it('leave what short ones do not need to the long ones', () => {
    expect(byteLimits([10, 1_000, 2_000], 1_000)).toEqual([10, 495, 495]);
    expect(byteLimits([400, 100, 400], 1_000)).toEqual([400, 100, 400]);
  });

  it('are cut after a whole paragraph, and say so', () => {
    const text = paragraphs(100);
    const short = shortened(text, 2_000);
    const [kept, note] = [short.slice(0, short.lastIndexOf('\n\n')), short.slice(short.lastIndexOf('\n\n') + 2)];
    expect(note).toMatch(/left out/);
    expect(text.startsWith(`${kept}\n\n`)).toBe(true);
    expect(bytes(short)).toBeLessThanOrEqual(2_000);
  });

  it('never break a character, and never exceed the limit', () => {
    for (const text of ['漢'.repeat(9_000), '🎈'.repeat(9_000), 'x'.repeat(20_000), 'word '.repeat(9_000)]) {
      for (const limit of [MAX_INSTRUCTIONS_BYTES, 1_001, 1_002, 1_003, 70]) {
        const short = shortened(text, limit);
        expect(bytes(short)).toBeLessThanOrEqual(limit);
        expect(short).not.toContain('\uFFFD');
        expect(short).toMatch(/left out/);
      }
    }
    const many = fitInstructions(Array.from({ length: 64 }, () => paragraphs(50)));
    expect(bytes(many.join(''))).toBeLessThanOrEqual(MAX_INSTRUCTIONS_BYTES);
  });
});

describe('headings of the first level', () => {
  it.each([
    ['# Bank\n\nPay', '## Bank\n\nPay'],
    ['a\r\n  # Bank\u2028#\tHub', 'a\r\n  ## Bank\u2028##\tHub'],
    ['Bank\n====\nPay', 'Bank\n----\nPay'],
  ])('become ones of the second in %j', (text, shown) => {
    expect(withoutTopHeadings(text)).toBe(shown);
  });

  it.each(['## Use', '#general is a channel', 'see # 4', 'a = b', 'x\ny = z', '=='])('are not in %j', (text) => {
    expect(withoutTopHeadings(text)).toBe(text);
  });
});
