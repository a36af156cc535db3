import { describe, expect, it } from 'vitest';
import { hasClearCredential } from './clear-credential.js';

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
  ])('knows a credential when it sees one: %j', (body) => {
    expect(hasClearCredential(body)).toBe(true);
  });

  it.each([
    {},
    { credential: 'none' },
    {
      name: 'GitHub',
      url: 'https://example.com/mcp',
      passthroughHeaders: [{ header: 'Authorization', scheme: 'bearer' }],
    },
    { description: 'Ask the basic questions' },
    { passthroughHeaders: [{ header: 'X-Api-Key', required: true, to: { query: 'key' } }] },
  ])('lets metadata pass: %j', (body) => {
    expect(hasClearCredential(body)).toBe(false);
  });
});
