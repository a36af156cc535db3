import { describe, expect, it } from 'vitest';
import { nestsDeeperThan, valueNestsDeeperThan } from './nesting.js';

describe('nesting', () => {
  it.each(['{}', '[[]]', '{"a":[{"b":1}]}', '"[[[["', '{"a\\"[[[":1}', '[{"b":"\\\\"},[]]'])(
    'of %s is the same for the text and for the value',
    (text) => {
      for (let max = 0; max < 5; max += 1) {
        expect(nestsDeeperThan(text, max)).toBe(valueNestsDeeperThan(JSON.parse(text), max));
      }
    },
  );

  it('is found without parsing', () => {
    expect(nestsDeeperThan('['.repeat(1_000_000), 256)).toBe(true);
  });
});
