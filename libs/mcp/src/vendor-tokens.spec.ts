import { describe, expect, it } from 'vitest';
import { VENDOR_PREFIXES } from './vendor-tokens.js';

const begins = (how: keyof typeof VENDOR_PREFIXES, text: string) =>
  new RegExp(`^(?:${VENDOR_PREFIXES[how]})`).exec(text)?.[0];

describe('the prefixes of vendors’ tokens', () => {
  it.each([
    'github_pat_',
    'ghp_',
    'glpat-',
    'sk-ant-api03-',
    'sk-proj-',
    'sk_live_',
    'xoxb-',
    'AIza',
    'ya29.',
    'shpat_',
  ])('hold %s, whole, wherever it stands', (prefix) => {
    expect(begins('unmistakable', `${prefix}0a1b2c`)).toBe(prefix);
    expect(begins('any', `${prefix}0a1b2c`)).toBe(prefix);
  });

  it.each(['AKIA', 'npm_', 'pypi-', 'hf_', 'secret_', 'lethe_key_'])(
    'hold %s only where no words are expected',
    (prefix) => {
      expect(begins('unmistakable', `${prefix}0a1b2c`)).toBeUndefined();
      expect(begins('any', `${prefix}0a1b2c`)).toBe(prefix);
    },
  );
});
