import { describe, expect, it } from 'vitest';
import { challengeScheme } from './challenge.js';

describe('challengeScheme', () => {
  it.each([
    ['Bearer realm="x", resource_metadata="https://evil.example"', 'Bearer'],
    ['basic', 'basic'],
    [undefined, undefined],
    ['', undefined],
    ['sk-live-SECRET', undefined],
    ['Bear er', undefined],
  ])('of %j is %j', (header, scheme) => {
    expect(challengeScheme(header)).toBe(scheme);
  });
});
