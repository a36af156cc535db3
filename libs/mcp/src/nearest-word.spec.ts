import { describe, expect, it } from 'vitest';
import { nearestWord } from './nearest-word.js';

const FLAGS = ['bearer', 'name', 'no-credential', 'url', 'eras'];

describe('the known word that was probably meant', () => {
  it.each([
    ['baerer', 'bearer'],
    ['nmae', 'name'],
    ['NAME', 'name'],
    ['no-credentials', 'no-credential'],
    ['era', 'eras'],
  ])('is found for %s', (typed, meant) => {
    expect(nearestWord(typed, FLAGS)).toBe(meant);
  });

  it.each(['', 'frobnicate', 'xyz', 'correct-horse-battery-staple', 'b'.repeat(1_000_000)])(
    'is none for a text that is not near any: %.30s',
    (typed) => {
      expect(nearestWord(typed, FLAGS)).toBeUndefined();
    },
  );

  it('is the nearest of several', () => {
    expect(nearestWord('claude', ['cline', 'claude-code'])).toBe('claude-code');
    expect(nearestWord('PUBLICURL', ['REGISTRY_PUBLIC_URL', 'PUBLIC_URL'])).toBe('PUBLIC_URL');
  });
});
