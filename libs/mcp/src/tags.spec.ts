import { describe, expect, it } from 'vitest';
import { legalTags, TAG } from './tags.js';

describe('tags of before they had a form', () => {
  it('are shown in the form of today, each once', () => {
    const legal = legalTags(['Team Payments', 'prod', 'PROD', '--x', '!', 'a'.repeat(70), 'grün:1']);
    expect(legal).toEqual(['team-payments', 'prod', 'x', 'a'.repeat(64), 'gr-n:1']);
    expect(legal.every((tag) => TAG.test(tag))).toBe(true);
  });
});
