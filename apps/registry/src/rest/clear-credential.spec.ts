import { describe, expect, it } from 'vitest';
import { hasClearCredential } from './clear-credential.js';

const JWT = `eyJ${'a'.repeat(20)}.${'b'.repeat(20)}.${'c'.repeat(20)}`;

describe('hasClearCredential', () => {
  it.each([
    { token: 'x' },
    { auth_token: 'x' },
    { credential: { scheme: 'bearer', token: 'x' } },
    { passthroughHeaders: [{ header: 'Authorization', value: 'x' }] },
    { headers: { Authorization: 'x' } },
    { description: 'Bearer abcdef' },
    { name: `ghp_${'a'.repeat(36)}` },
    { tlsCa: '-----BEGIN PRIVATE KEY-----' },
    { description: `the token ${JWT}, which works` },
    { description: `x.y.z-${JWT}` },
  ])('knows a credential when it sees one: %j', (body) => {
    expect(hasClearCredential(body)).toBe(true);
  });

  it.each([
    {},
    { credential: 'none' },
    { credential: 'kept' },
    {
      name: 'GitHub',
      url: 'https://example.com/mcp',
      passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer' }],
    },
    { description: 'Ask the basic questions' },
    { description: `${'eyJ-'.repeat(20)}.b.${'c'.repeat(20)}` },
    { passthroughHeaders: [{ header: 'X-Api-Key', required: true, to: { query: 'key' } }] },
  ])('lets metadata pass: %j', (body) => {
    expect(hasClearCredential(body)).toBe(false);
  });

  it('reads a long text once, not again at each beginning of a token', () => {
    const begin = performance.now();
    expect(hasClearCredential({ description: 'eyJ-'.repeat(500_000) })).toBe(false);
    expect(hasClearCredential({ description: 'eyJ-.'.repeat(400_000) })).toBe(false);
    // One expression for a whole token takes minutes.
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});
