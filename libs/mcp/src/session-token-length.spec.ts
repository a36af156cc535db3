import { describe, expect, it } from 'vitest';
import { MAX_SESSION_TOKEN_BYTES, sessionTokenLength } from './session-token-length.js';

const shares = (count: number, idBytes?: number) =>
  Array.from({ length: count }, (_, n) => ({ slug: `a-gateway-of-24-letters-${n % 10}`, idBytes }));

describe('sessionTokenLength', () => {
  it('lets sixteen gateways with ids of the usual length into one token', () => {
    expect(sessionTokenLength(shares(16, 36))).toBeLessThan(MAX_SESSION_TOKEN_BYTES);
    expect(sessionTokenLength(shares(16))).toBeLessThan(MAX_SESSION_TOKEN_BYTES);
  });

  it('does not let many long ids in', () => {
    expect(sessionTokenLength(shares(3, 512))).toBeLessThan(MAX_SESSION_TOKEN_BYTES);
    expect(sessionTokenLength(shares(4, 512))).toBeGreaterThan(MAX_SESSION_TOKEN_BYTES);
  });
});
