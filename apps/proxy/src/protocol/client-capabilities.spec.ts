import { describe, expect, it } from 'vitest';
import { forwardedClientCapabilities } from './client-capabilities.js';

describe('offeredCapabilities', () => {
  it('offers what upstreams may ask of a client, as it declared it, and nothing else', () => {
    const declared = { roots: { listChanged: true }, elicitation: { url: {} }, tasks: {}, experimental: { x: {} } };
    expect(forwardedClientCapabilities(declared)).toEqual({ roots: { listChanged: true }, elicitation: { url: {} } });
  });

  it.each([undefined, null, 'x', [], { sampling: true }])('offers nothing for %j', (declared) => {
    expect(forwardedClientCapabilities(declared)).toEqual({});
  });

  it('is short: it travels in every request', () => {
    expect(forwardedClientCapabilities({ sampling: { long: 'x'.repeat(1_000) } })).toEqual({ sampling: {} });
  });
});
